/**
 * Names of people and things: one visible line of text. What cannot be seen could make two names
 * look like one, or a name like something that somebody said.
 */

/** Joined pictures such as 👩‍💻, flags, keycaps: what joins them is no hidden text. */
const EMOJI_PART = '\\p{Extended_Pictographic}(?:[\\uFE0E\\uFE0F]|\\p{Emoji_Modifier})?';
const REGION_FLAG =
  '\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}';
const EMOJI = `${REGION_FLAG}|${EMOJI_PART}(?:\\u200D${EMOJI_PART})*|[0-9#*]\\uFE0F?\\u20E3`;

/** Scripts whose letters join, so that a non-joiner between two of them shows. */
const JOINED = ['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Mandaic', 'Phags_Pa', 'Adlam', 'Rohg']
  .map((script) => `\\p{Script=${script}}`)
  .join('');

/** Signs that take a consonant's vowel away; a joiner behind one chooses the form of the letters. */
const VIRAMA =
  '[\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D3B\\u0D3C\\u0D4D\\u0DCA\\u0F84\\u1039\\u103A\\u17D2\\u1B44\\uA9C0]';

/** Joiners where Unicode's identifiers have them (UAX #31, 2.3.1, by script instead of by letter). */
const JOINERS = [
  `(?<=[${JOINED}]\\p{M}*)\\u200C(?=\\p{M}*[${JOINED}])`,
  `(?<=\\p{L}\\p{M}*${VIRAMA}\\p{M}*)\\u200C(?=\\p{L})`,
  `(?<=\\p{L}\\p{M}*${VIRAMA}\\p{M}*)\\u200D(?!\\p{M})`,
].join('|');

/** Forms of ideographs and of Mongolian letters. */
const VARIANTS =
  '(?<=\\p{Ideographic})[\\uFE00-\\uFE02\\u{E0100}-\\u{E01EF}]|(?<=\\p{Script=Mongolian})[\\u180B-\\u180D\\u180F]';

const ALLOWED = new RegExp(`${EMOJI}|${JOINERS}|${VARIANTS}`, 'gu');

/** What is not seen, breaks lines, or changes the direction of writing. */
const HIDDEN =
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb\u{13430}-\u{1343f}]/u;

/** Something to see: not only spaces, marks and the blank Braille pattern. */
const SEEN = /(?![\u2800])[\p{L}\p{N}\p{P}\p{S}\p{Extended_Pictographic}]/u;

/** A name as it is kept: without spaces around it, composed (NFC). */
export function keptName(name: string): string {
  return name.normalize('NFC').trim();
}

/**
 * What a kept name must be and is not, as `must …`; null when it is a name.
 * Joined emoji, and joiners where a script needs them, are part of a name.
 */
export function nameProblem(name: string): string | null {
  const hidden = HIDDEN.exec(name.replace(ALLOWED, 'x'))?.[0];
  if (hidden !== undefined) {
    return `must be one line without invisible, control or direction-changing characters, got ${codePoint(hidden)} in it`;
  }
  return SEEN.test(name) ? null : 'must have something to read in it';
}

/** `U+202E` */
function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
