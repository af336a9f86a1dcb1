/**
 * The messages between a page and the workspace. One `hello` crosses between windows, with an explicit
 * target origin, and carries a `MessagePort`; everything else goes through that port, which belongs to these
 * two documents alone. Both sides check what they receive: a message of another form is ignored.
 */

/** The version of this protocol. The workspace refuses other versions and names its own. */
export const VERSION = 1;

/** Characters that a path, a name, or a text of a command may have. */
export const MAX_TEXT = 8_000;
/** Characters of the JSON of a card. */
export const MAX_CARD = 20_000;
/** Values that one page may have bound at a time. */
export const MAX_BINDINGS = 50;

/** From the page's window to the workspace's window, with a port. */
export interface Hello {
  readonly parley: 'workspace';
  readonly type: 'hello';
  readonly version: number;
}

/** From the page, through the port. */
export type Request =
  | { readonly type: 'get'; readonly id: number; readonly path: string }
  | { readonly type: 'bind'; readonly id: number; readonly path: string }
  | { readonly type: 'unbind'; readonly id: number; readonly binding: number }
  | {
      readonly type: 'command';
      readonly id: number;
      readonly name: string;
      readonly data: unknown;
    }
  | { readonly type: 'bye' };

/** From the workspace, through the port. `id` is the request's; a binding is named by its request's id. */
export type Notification =
  | { readonly type: 'welcome'; readonly version: number }
  | { readonly type: 'refused'; readonly id: number | null; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'value'; readonly binding: number; readonly value: unknown }
  | { readonly type: 'focused'; readonly chat: string }
  | { readonly type: 'blurred'; readonly chat: string }
  | { readonly type: 'bye' };

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MAX_TEXT;
const isId = (value: unknown): value is number => Number.isSafeInteger(value);

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

/** The hello in a window's message; null when the message is something else. */
export function readHello(value: unknown): Hello | null {
  const { parley, type, version } = fieldsOf(value) ?? {};
  return parley === 'workspace' && type === 'hello' && isId(version)
    ? { parley, type, version }
    : null;
}

/** The request in a port's message; null when it is not one. */
export function readRequest(value: unknown): Request | null {
  const { type, id, path, binding, name, data } = fieldsOf(value) ?? {};
  if (type === 'bye') return { type };
  if (!isId(id)) return null;
  if ((type === 'get' || type === 'bind') && isText(path)) return { type, id, path };
  if (type === 'unbind' && isId(binding)) return { type, id, binding };
  if (type === 'command' && isText(name)) return { type, id, name, data };
  return null;
}

/** The notification in a port's message; null when it is not one. */
export function readNotification(value: unknown): Notification | null {
  const fields = fieldsOf(value) ?? {};
  const { type, id, version, message, binding, chat } = fields;
  switch (type) {
    case 'bye':
      return { type };
    case 'welcome':
      return isId(version) ? { type, version } : null;
    case 'refused':
      return (isId(id) || id === null) && isText(message) ? { type, id, message } : null;
    case 'answer':
      return isId(id) ? { type, id, value: fields['value'] } : null;
    case 'value':
      return isId(binding) ? { type, binding, value: fields['value'] } : null;
    case 'focused':
    case 'blurred':
      return isText(chat) ? { type, chat } : null;
    default:
      return null;
  }
}
