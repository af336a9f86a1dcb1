/** The network of an IPv6 address, by the address's whole text: `URL` writes each in one way only. */
export function addressGroup(address: string): string {
  const { hostname } = new URL(`http://[${address}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  const [a, b, c, d, e, f, g = '0', h = '0'] = groups;
  if ([a, b, c, d, e].every((group) => group === '0') && f === 'ffff') {
    const [high, low] = [Number.parseInt(g, 16), Number.parseInt(h, 16)];
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${[a, b, c, d].join(':')}::/64`;
}
