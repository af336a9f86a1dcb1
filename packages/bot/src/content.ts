/** Lines that are more than text: cards and quick replies. */

/** Something that a visitor can press. With `url` it opens a page, else it says `says`, or its title. */
export interface Button {
  readonly title: string;
  readonly url?: string;
  readonly says?: string;
}

/** A card: what is given of it stands below each other. */
export interface Card {
  readonly title?: string;
  readonly text?: string;
  /** Address of an image, with what is said where it cannot be seen. */
  readonly image?: { readonly url: string; readonly alt: string };
  readonly buttons?: readonly Button[];
}

/** How a reply is sent, besides its text. */
export interface ReplyOptions {
  /** `html` is cleaned by the server; `plain` by default, which is never markup. */
  readonly as?: 'plain' | 'html';
  /** Below the line, until the visitor says something: what can be answered with one press. */
  readonly quickReplies?: readonly (string | Button)[];
  /** Several stand beside each other. The text stays for those who see no cards. */
  readonly cards?: readonly Card[];
  /** Structured content as it is, for what cards do not have. */
  readonly json?: unknown;
}

/** The structured content of a reply; undefined for a reply that is text alone. */
export function contentOf(text: string, options: ReplyOptions): unknown {
  const { json, cards = [], quickReplies = [] } = options;
  if (json !== undefined) return json;
  if (cards.length === 0 && quickReplies.length === 0) return undefined;
  const elements = cards.map(cardElement);
  const content =
    elements.length > 1
      ? { type: 'carousel', elements }
      : (elements[0] ?? { type: 'vertical', elements: [{ type: 'text', text }] });
  if (quickReplies.length === 0) return content;
  return {
    ...content,
    quickReplies: { type: 'quickReplies', replies: quickReplies.map(buttonElement) },
  };
}

function cardElement({ title, text, image, buttons = [] }: Card) {
  return {
    type: 'vertical',
    elements: [
      ...(image === undefined ? [] : [{ type: 'image', url: image.url, alt: image.alt }]),
      ...(title === undefined ? [] : [{ type: 'text', text: title, style: { bold: true } }]),
      ...(text === undefined ? [] : [{ type: 'text', text }]),
      ...buttons.map(buttonElement),
    ],
  };
}

function buttonElement(button: string | Button) {
  const {
    title,
    url,
    says = title,
  }: Button = typeof button === 'string' ? { title: button } : button;
  const action =
    url === undefined ? { type: 'publishText', text: says } : { type: 'link', uri: url };
  return { type: 'button', title, click: { actions: [action] } };
}
