/**
 * Characters that nobody sees, that break a line or that change the direction of what follows: where
 * a text is put into a line (a log, a table, a message), they are written out.
 */

/** What breaks a line somewhere: in terminals, mails, logs, and in the eyes of common libraries. */
const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * Controls, line breaks, halves of surrogate pairs, and what changes the direction of writing or is
 * not shown. Spaces, marks and what joins visible characters (U+200C, U+200D, variation selectors)
 * stay: a terminal shows names of any script and emoji.
 */
const WRITTEN_OUT =
  /[\u034f\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e00ff}]/gu;

/**
 * The text with every such character as `\uXXXX`, which stays the same text inside of JSON strings.
 */
export function visible(text: string): string {
  return text.replace(WRITTEN_OUT, escapeOf);
}

/** As `visible`, but for line feeds: a text of several lines of our own. */
export function visibleLines(text: string): string {
  return text.replace(WRITTEN_OUT, (character) =>
    character === '\n' ? character : escapeOf(character),
  );
}

function escapeOf(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}

/**
 * What a caller sent, for a message to that caller: in quotes, shortened, with nothing hidden in it.
 * @param most characters of it that are shown
 */
export function quoted(text: string, most = 80): string {
  const characters = [...text.slice(0, 2 * most + 2)];
  const shown = characters.length > most ? `${characters.slice(0, most - 3).join('')}...` : text;
  return `"${visible(shown)}"`;
}

/** The lines of a text, wherever anything would break it. */
export function linesOf(text: string): string[] {
  return text.split(LINE_BREAK);
}

/** The text in one line, in which nothing changes the direction of what follows. */
export function oneLine(text: string): string {
  return linesOf(text).join(' ').replace(WRITTEN_OUT, '').trim();
}
