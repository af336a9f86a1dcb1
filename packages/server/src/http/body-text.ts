/** The text of a body: what was compressed is decompressed, and decoded as its charset says. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { WireError } from '@parley/protocol';

const DECODERS = {
  gzip: promisify(gunzip),
  // Some send it with the header of RFC 1950, as HTTP says, some without.
  deflate: (bytes: Buffer, options: { readonly maxOutputLength: number }) =>
    promisify(hasZlibHeader(bytes) ? inflate : inflateRaw)(bytes, options),
  br: promisify(brotliDecompress),
} as const;

type Coding = keyof typeof DECODERS;
const CODINGS = Object.keys(DECODERS).join(', ');

function isCoding(name: string): name is Coding {
  return Object.hasOwn(DECODERS, name);
}

function hasZlibHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}

/**
 * Takes the content coding off.
 * @param header `Content-Encoding`
 * @param limit bytes that the body may have then; no more than these are ever made
 * @throws WireError 415 for another coding or several, 400 for bytes that are none, 413 for too many.
 */
export async function decompressed(bytes: Buffer, header: string, limit: number): Promise<Buffer> {
  const coding = header.trim().toLowerCase().replace(/^x-/, '');
  if (coding === '' || coding === 'identity' || bytes.length === 0) return bytes;
  if (!isCoding(coding)) {
    throw new WireError(
      'unsupportedMediaType',
      `Content-Encoding "${header.slice(0, 40)}" cannot be read: send one of ${CODINGS}, or none.`,
      { 'accept-encoding': CODINGS },
    );
  }
  await turn();
  try {
    return await DECODERS[coding](bytes, { maxOutputLength: limit });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit, ' when it is decompressed');
    throw new WireError(
      'malformedBody',
      `The body is not what its Content-Encoding "${coding}" says, or is cut off.`,
    );
  } finally {
    pass();
  }
}

/** Bodies decompressed at once: brotli takes up to 16 MiB for each, and threads are few. */
let free = 4;
const waiting: (() => void)[] = [];

/** Resolves when there is room for one more. */
async function turn(): Promise<void> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

function pass(): void {
  const next = waiting.shift();
  if (next === undefined) free += 1;
  else next();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** 413, naming the limit in bytes. */
export function tooLarge(limit: number, when = ''): WireError {
  const message = `The body is larger than the ${limit.toLocaleString('en')} bytes that are allowed${when}; send less at once.`;
  return new WireError('tooLarge', message);
}

/** Content types under which JSON or XML is expected. */
const READABLE = /json|xml|^text\/|octet-stream|x-www-form-urlencoded/i;

/** @throws WireError 415 for a type under which neither JSON nor XML is expected. */
export function requireReadable(contentType: string | undefined): void {
  if (contentType === undefined || READABLE.test(contentType)) return;
  throw new WireError(
    'unsupportedMediaType',
    `Content-Type "${contentType.slice(0, 80)}" cannot be read: send JSON or XML.`,
  );
}

/**
 * The text that the bytes are.
 * @param contentType as it was sent; its charset counts, else what XML says of itself, else UTF-8
 * @throws WireError 415 for a charset that nobody knows, 400 for bytes that are none of it.
 */
export function decoded(bytes: Buffer, contentType: string | undefined): string {
  const charset = charsetOf(bytes, contentType);
  if (charset === 'utf-8') {
    if (!isUtf8(bytes)) {
      requireReadable(contentType);
      throw notInCharset(bytes, charset);
    }
    // TextDecoder would do, and takes longer; a mark of the byte order is no part of the text.
    return bytes.toString('utf8', hasMark(bytes, UTF8_MARK) ? UTF8_MARK.length : 0);
  }
  try {
    return decoderFor(charset).decode(bytes);
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw notInCharset(bytes, charset);
  }
}

const UTF8_MARK = [0xef, 0xbb, 0xbf] as const;
/** Other marks of the byte order, and what of them the first characters of JSON and XML look like. */
const OTHER_MARKS = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
] as const;

function hasMark(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function charsetOf(bytes: Buffer, contentType: string | undefined): string {
  if (hasMark(bytes, UTF8_MARK)) return 'utf-8';
  const marked = OTHER_MARKS.find(([mark]) => hasMark(bytes, mark))?.[1];
  if (marked !== undefined) return marked;
  const named = charsetIn(contentType);
  if (named !== undefined) return named;
  // JSON and XML begin with a character of ASCII: where the zero stands gives the byte order.
  if (bytes.length > 1 && bytes[1] === 0) return 'utf-16le';
  if (bytes.length > 1 && bytes[0] === 0) return 'utf-16be';
  return bytes[0] === LESS_THAN ? (charsetOfXml(bytes) ?? 'utf-8') : 'utf-8';
}

/** Names that mean UTF-8, or nothing else when the bytes are no ASCII. */
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

function plainName(charset: string): string {
  const name = charset.toLowerCase();
  return UTF8_NAMES.has(name) ? 'utf-8' : name;
}

function charsetIn(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return undefined;
  const [, quoted, bare] =
    /;\s*charset\s*=\s*(?:"([^"]*)"|'?([^\s;,"']*))/i.exec(contentType) ?? ([] as const);
  const charset = (quoted ?? bare ?? '').trim();
  return charset === '' ? undefined : plainName(charset);
}

const LESS_THAN = 0x3c;
const DECLARATION = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/;

/** What XML says of itself. Bytes that can be read as this are not UTF-16, though .NET likes to say so. */
function charsetOfXml(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 256).toString('latin1');
  const declared = DECLARATION.exec(start)?.[1];
  if (declared === undefined) return undefined;
  const name = plainName(declared);
  return /^(?:utf-?16|ucs-?2|iso-10646-ucs-2)/.test(name) ? 'utf-8' : name;
}

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new WireError(
      'unsupportedMediaType',
      `The charset "${charset.slice(0, 40)}" is not known here: send UTF-8.`,
    );
  }
}

function notInCharset(bytes: Buffer, charset: string): WireError {
  const at = firstWrong(bytes, charset);
  const shown = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return new WireError(
    'malformedBody',
    `The body is not ${charset.toUpperCase()}: byte ${at + 1}, 0x${shown}, does not belong there. Send UTF-8, or name the charset in Content-Type.`,
  );
}

/** The index of the first byte with which the bytes cannot be decoded. */
function firstWrong(bytes: Buffer, charset: string): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (begins(bytes.subarray(0, middle), charset)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whether bytes could be the beginning of a text. */
function begins(bytes: Buffer, charset: string): boolean {
  try {
    decoderFor(charset).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
