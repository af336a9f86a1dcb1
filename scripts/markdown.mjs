// Reads Markdown line by line.

/**
 * The lines of a text, with those inside fenced code blocks and comments emptied.
 * @param {string} text
 * @returns {string[]}
 */
export function prose(text) {
  const visible = text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''));
  /** @type {string | undefined} */
  let fence;
  return visible.split(/\r?\n/).map((line) => {
    const [, marker] = /^\s*(?:>\s*)*(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined) {
      fence = marker;
      return marker === undefined ? line : '';
    }
    if (marker?.startsWith(fence)) fence = undefined;
    return '';
  });
}
