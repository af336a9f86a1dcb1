/** What is kept beside an account's state: which chats there are by what names them, and who is alive. */
import { type AccountState, Heartbeats } from '@parley/engine';
import { Pauses } from '../pauses.js';
import { ChatIndex } from './chat-index.js';
import { UnacceptedChats } from './unaccepted-chats.js';

export interface ChatIndexes {
  readonly unaccepted: UnacceptedChats;
  readonly chats: ChatIndex;
  /** Visitors of the chats that have not ended; agent sessions are watched by the host. */
  readonly heartbeats: Heartbeats;
}

/**
 * Those of a state that nobody uses yet. An account may have very many chats, so others get their turn
 * meanwhile.
 * @param elapsed ms since some moment, by a clock that cannot be set
 */
export async function indexChats(state: AccountState, elapsed: () => number): Promise<ChatIndexes> {
  const indexes = {
    unaccepted: new UnacceptedChats(),
    chats: new ChatIndex(),
    heartbeats: new Heartbeats(),
  };
  const pauses = new Pauses();
  for (const chat of state.chats.values()) {
    indexes.unaccepted.add(chat);
    indexes.chats.add(chat);
    if (chat.phase.name !== 'ended') {
      indexes.heartbeats.watch(chat.id, chat.timeout * 1000, elapsed());
    }
    await pauses.take();
  }
  return indexes;
}
