/** What a batch of events means for the index of chats. */
import type { AccountEvent } from '@parley/engine';
import type { ChatMark } from '@parley/store';

const NOTHING: readonly ChatMark[] = [];

/** @param at When the events happened, epoch ms. */
export function chatMarks(events: readonly AccountEvent[], at: number): readonly ChatMark[] {
  let marks: ChatMark[] | null = null;
  for (const event of events) {
    if (event.type === 'chat.requested') {
      const { chatId, visitor } = event;
      marks = [...(marks ?? []), { mark: 'began', chatId, visitorId: visitor.visitorId, at }];
    } else if (event.type === 'chat.ended') {
      marks = [...(marks ?? []), { mark: 'ended', chatId: event.chatId, at }];
    }
  }
  return marks ?? NOTHING;
}
