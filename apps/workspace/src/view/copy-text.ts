/**
 * Copies a text. Pages that came by plain HTTP from another machine have no `navigator.clipboard`: there it is
 * the older command, which only works while a press of the user is being handled.
 * @throws when the browser refuses
 */
export async function copyText(text: string): Promise<void> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard };
  if (clipboard !== undefined) {
    await clipboard.writeText(text);
    return;
  }
  const fill = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    event.clipboardData?.setData('text/plain', text);
  };
  // Without a selection the command is enabled by who claims that there is something to copy.
  const claim = (event: Event) => event.preventDefault();
  document.addEventListener('beforecopy', claim, true);
  document.addEventListener('copy', fill, true);
  const copied = document.execCommand('copy');
  document.removeEventListener('beforecopy', claim, true);
  document.removeEventListener('copy', fill, true);
  if (!copied) throw new Error('The browser did not copy the text: select it and copy it by hand.');
}
