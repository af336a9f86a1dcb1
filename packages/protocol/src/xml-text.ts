/** The characters of XML 1.0: which exist, and which must be written as references. */

/** Code points that XML 1.0 allows in a document, even as a reference. */
export function isXmlChar(code: number): boolean {
  return (
    (code >= 0x20 && code <= 0xd7ff) ||
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}

const SPECIAL = /[^\t\n !#-%'-;=?-\ud7ff\ue000-\ufffd]/u;
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** `&` first: the others bring it in. */
const REFERENCES: readonly (readonly [string, string])[] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  // A parser turns a bare carriage return into a line feed.
  ['\r', '&#13;'],
];

/**
 * Text between tags. Characters that XML cannot carry are dropped.
 *
 * Each kind of character is replaced all over the text at once: text made character by character takes
 * several times as long, and as long again when it is made whole to be sent.
 */
export function escapeText(value: string): string {
  if (!SPECIAL.test(value)) return value;
  let out = value.replace(NO_XML, '');
  for (const [char, reference] of REFERENCES) {
    if (out.includes(char)) out = out.split(char).join(reference);
  }
  return out;
}

/** Text inside a quoted attribute, where a parser would make tabs and line ends into spaces. */
export function escapeAttribute(value: string): string {
  return escapeText(value).replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}
