/** Writing into a text field as if somebody typed it: undo goes on to work. */

/** Puts a text in the place of a part of the field; the caret stands after it. */
export function writeInto(
  field: HTMLTextAreaElement,
  text: string,
  from = field.selectionStart,
  to = field.selectionEnd,
): void {
  field.focus();
  field.setSelectionRange(from, to);
  // Deprecated, and the only way that keeps the browser's undo.
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Puts marks around what is selected, or takes them off; without a selection the caret stands between. */
export function toggleMark(field: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const inside = value.slice(from, to);
  const has =
    value.slice(from - mark.length, from) === mark && value.slice(to, to + mark.length) === mark;
  if (has) {
    writeInto(field, inside, from - mark.length, to + mark.length);
    field.setSelectionRange(from - mark.length, to - mark.length);
  } else {
    writeInto(field, `${mark}${inside}${mark}`, from, to);
    field.setSelectionRange(from + mark.length, to + mark.length);
  }
}
