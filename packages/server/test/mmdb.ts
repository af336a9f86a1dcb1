/** Writes a tiny MaxMind-format database of IPv4 networks, enough for a reader to look addresses up. */

type Value = string | number | readonly Value[] | { readonly [key: string]: Value };

const UTF8 = 2;
const UINT32 = 6;
const MAP = 7;
const ARRAY = 11;

/** Bits of a record in the search tree. */
const RECORD_BITS = 24;

/** Null bytes between the search tree and the data. */
const SEPARATOR = 16;

interface Node {
  left: Node | number | null;
  right: Node | number | null;
}

/** @param networks What is known of each network, by `192.0.2.0/24`. */
export function mmdb(networks: Readonly<Record<string, Value>>): Buffer {
  const root: Node = { left: null, right: null };
  const data: Buffer[] = [];
  let offset = 0;
  for (const [network, value] of Object.entries(networks)) {
    const [address = '', length = '32'] = network.split('/');
    insert(root, address, Number(length), offset);
    const encoded = encode(value);
    data.push(encoded);
    offset += encoded.length;
  }
  const nodes = nodesOf(root);
  const numbers = new Map(nodes.map((node, index) => [node, index]));
  const tree = Buffer.concat(
    nodes.flatMap((node) =>
      [node.left, node.right].map((record) => {
        const bytes = Buffer.alloc(RECORD_BITS / 8);
        bytes.writeUIntBE(recordOf(record, numbers, nodes.length), 0, bytes.length);
        return bytes;
      }),
    ),
  );
  const metadata = encode({
    node_count: nodes.length,
    record_size: RECORD_BITS,
    ip_version: 4,
    database_type: 'Test-City',
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    description: { en: 'A test' },
  });
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([tree, Buffer.alloc(SEPARATOR), ...data, marker, metadata]);
}

function insert(root: Node, address: string, length: number, offset: number): void {
  const bits = address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('')
    .slice(0, length);
  let node = root;
  for (const [index, bit] of [...bits].entries()) {
    const side = bit === '0' ? 'left' : 'right';
    if (index === length - 1) {
      node[side] = offset;
      return;
    }
    const next = node[side];
    if (typeof next === 'number') throw new Error(`${address}/${length} lies in another network`);
    const child = next ?? { left: null, right: null };
    node[side] = child;
    node = child;
  }
}

function nodesOf(node: Node): Node[] {
  return [
    node,
    ...[node.left, node.right].flatMap((next) =>
      typeof next === 'object' && next !== null ? nodesOf(next) : [],
    ),
  ];
}

function recordOf(record: Node['left'], numbers: ReadonlyMap<Node, number>, count: number): number {
  if (record === null) return count;
  return typeof record === 'number' ? count + SEPARATOR + record : (numbers.get(record) ?? count);
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([control(UTF8, bytes.length), bytes]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(UINT32, bytes.length), bytes]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([control(ARRAY, value.length), ...value.map(encode)]);
  }
  const entries = Object.entries(value);
  const pairs = entries.flatMap(([key, each]) => [encode(key), encode(each)]);
  return Buffer.concat([control(MAP, entries.length), ...pairs]);
}

/** Type and size; types above 7 have a byte of their own. */
function control(type: number, size: number): Buffer {
  if (size >= 29) throw new Error('this writer knows short values only');
  return Buffer.from(type <= 7 ? [(type << 5) | size] : [size, type - 7]);
}
