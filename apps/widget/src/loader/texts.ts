/** The few words of the button. */

interface LoaderTexts {
  readonly chat: string;
  readonly leaveMessage: string;
  readonly dismiss: string;
  unread(count: number): string;
}

const TEXTS: Readonly<Record<string, LoaderTexts>> = {
  en: {
    chat: 'Chat with us',
    leaveMessage: 'Leave a message',
    dismiss: 'Dismiss',
    unread: (count) => `${count} unread ${count === 1 ? 'message' : 'messages'}`,
  },
  de: {
    chat: 'Chatten Sie mit uns',
    leaveMessage: 'Nachricht hinterlassen',
    dismiss: 'Schließen',
    unread: (count) => `${count} ungelesene ${count === 1 ? 'Nachricht' : 'Nachrichten'}`,
  },
};

/** @param lang BCP 47 tag; English where there is no other */
export function loaderTexts(lang: string): LoaderTexts {
  return TEXTS[lang.slice(0, 2).toLowerCase()] ?? (TEXTS['en'] as LoaderTexts);
}
