/** What pages may ask for. Nothing of it reaches the visitor before the agent sends it. */
import { MAX_CARD, MAX_TEXT } from '@parley/workspace-sdk/messages';
import type { Commands } from '@parley/workspace-sdk';
import type { WorkspaceController } from '../state/controller.js';
import type { ChatEntry } from '../state/model.js';
import { insertText } from '../view/commands.js';
import { chatPath } from '../view/paths.js';

type Fields = Readonly<Record<string, unknown>>;

const COMMANDS: {
  readonly [N in keyof Commands]: (
    controller: WorkspaceController,
    chat: string | null,
    data: Fields,
  ) => void;
} = {
  write(controller, id, { text }) {
    const written = textOf('write', text);
    const chat = writable(controller, id);
    if (controller.store.getState().shown === chat.id) insertText(written);
    else {
      const { draft, mode } = chat;
      controller.lines.write(chat.id, mode, draft === '' ? written : `${draft}\n${written}`);
    }
  },
  writeCard(controller, id, { text, card }) {
    const said = textOf('writeCard', text);
    if (typeof card !== 'object' || card === null || JSON.stringify(card).length > MAX_CARD) {
      throw new Error(
        `writeCard takes {card, text}: card an object of at most ${MAX_CARD} characters as JSON.`,
      );
    }
    const chat = writable(controller, id);
    if (chat.role === 'listener' || chat.role === 'supervisor') {
      throw new Error('The agent only reads along in this chat, and cannot send cards.');
    }
    controller.lines.takeCard(chat.id, { json: card, text: said });
  },
  openChat(controller, _, { chat }) {
    if (typeof chat !== 'string' || controller.store.getState().chats[chat] === undefined) {
      throw new Error(
        'The agent does not have this chat: openChat takes {chat}, the id of one they have.',
      );
    }
    location.hash = chatPath(chat);
  },
};

/** @throws Error for what cannot be done, saying why */
export function carryOut(
  controller: WorkspaceController,
  chat: string | null,
  name: string,
  data: unknown,
): void {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name as keyof Commands] : undefined;
  if (command === undefined) {
    throw new Error(
      `There is no command "${name.slice(0, 60)}": there are ${Object.keys(COMMANDS).join(', ')}.`,
    );
  }
  command(controller, chat, typeof data === 'object' && data !== null ? (data as Fields) : {});
}

function textOf(command: string, text: unknown): string {
  if (typeof text === 'string' && text.trim() !== '' && text.length <= MAX_TEXT) return text;
  throw new Error(`${command} takes a text of 1 to ${MAX_TEXT} characters.`);
}

function writable(controller: WorkspaceController, id: string | null): ChatEntry {
  const chat = id === null ? undefined : controller.store.getState().chats[id];
  if (chat === undefined) throw new Error('No chat is on screen: open one first.');
  if (chat.over !== null) throw new Error('The chat is over: nothing can be written in it.');
  return chat;
}
