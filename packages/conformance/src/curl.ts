/** A request as a command that people can run. */
import type { Ask } from './exchange.js';

const MAX_BODY = 600;

/** The command for a request; secrets are still in it: mask them before it is shown. */
export function curlOf({ method, url, headers, body }: Ask): string {
  const words = ['curl', '-sS', '-i'];
  const implied = body === undefined ? 'GET' : 'POST';
  if (method !== implied) words.push('-X', method);
  for (const [name, value] of Object.entries(headers)) {
    words.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`));
  }
  if (body !== undefined) {
    const shown = body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)}…` : body;
    words.push('--data-binary', quote(shown));
  }
  words.push(quote(url));
  return words.join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
