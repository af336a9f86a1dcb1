import { describe, expect, it } from 'vitest';
import {
  type AccountCommand,
  MAX_CLOSED_SUGGESTIONS,
  MAX_OPEN_SUGGESTIONS,
  MAX_SUGGESTION_BYTES,
  NO_FIGURES,
  bytesOf,
} from '@parley/engine';
import { AMY, BEN, CAT, DAN } from './account.js';
import { ADMIN, begin, BOSS, whisper } from './collaboration-fixture.js';
import type { Fixture } from './fixture.js';

type Suggest = Extract<AccountCommand, { type: 'chat.suggest' }>;

const suggesting = (
  fixture: Fixture,
  chatId: string,
  userId: number,
  more: Partial<Omit<Suggest, 'type'>> = {},
): Suggest => ({
  type: 'chat.suggest',
  ...{ chatId, sessionId: fixture.session(userId).id },
  ...{ text: 'Yes', textType: 'plain', ...more },
});

const suggest = (...args: Parameters<typeof suggesting>): number =>
  args[0].do<'chat.suggest'>(suggesting(...args)).suggestionId;

const deciding = (
  fixture: Fixture,
  chatId: string,
  userId: number,
  suggestionId: number,
  outcome: 'accepted' | 'edited' | 'dismissed',
  lineId?: number,
) =>
  ({
    type: 'chat.decideSuggestion',
    chatId,
    sessionId: fixture.session(userId).id,
    ...{ suggestionId, outcome },
    ...(lineId === undefined ? {} : { lineId }),
  }) as const;

const decide = (...args: Parameters<typeof deciding>) =>
  args[0].do<'chat.decideSuggestion'>(deciding(...args));

const states = (fixture: Fixture, chatId: string) =>
  fixture.state.chats.get(chatId)?.suggestions?.list.map(({ id, state }) => `${id} ${state}`);

const figures = (fixture: Fixture, userId: number) => fixture.state.suggestionFigures.get(userId);

/** Amy's chat, with Ben assisting and Cat listening. */
function besides(): { fixture: Fixture; chat: string } {
  const { fixture, chat } = begin();
  for (const [userId, role] of [
    [BEN, 'assistant'],
    [CAT, 'listener'],
  ] as const) {
    fixture.invite(chat, AMY, { userId }, role);
    fixture.accept(userId);
  }
  return { fixture, chat };
}

describe('suggestions', () => {
  it('[SUGGEST1] come from whoever is beside the agent, and from nobody else', () => {
    const { fixture, chat } = besides();
    fixture.watch(chat, BOSS);
    expect([BEN, CAT, BOSS].map((userId) => suggest(fixture, chat, userId))).toEqual([1, 2, 3]);
    expect(fixture.refused(suggesting(fixture, chat, AMY))).toMatchObject({
      ...{ rejected: 'role-refused', role: 'agent', to: 'suggest' },
    });
    for (const outsider of [DAN, ADMIN]) {
      const refused = fixture.refused(suggesting(fixture, chat, outsider));
      expect(refused).toEqual({ rejected: 'unknown-chat', chatId: chat });
    }
    fixture.end(chat);
    expect(fixture.refused(suggesting(fixture, chat, BEN))).toMatchObject({
      rejected: 'chat-ended',
    });
  });

  it('[SUGGEST2] are decided by the agent alone, once', () => {
    const { fixture, chat } = besides();
    const [one, two, three] = [CAT, CAT, BEN].map((userId) => suggest(fixture, chat, userId));
    for (const role of [BEN, CAT]) {
      const refused = fixture.refused(deciding(fixture, chat, role, one ?? 0, 'accepted'));
      expect(refused).toMatchObject({ rejected: 'role-refused', to: 'decide' });
    }
    fixture.line(chat, fixture.as(AMY), 'Yes');
    const lineId = fixture.feed(chat).length - 1;
    decide(fixture, chat, AMY, one ?? 0, 'accepted', lineId);
    decide(fixture, chat, AMY, two ?? 0, 'dismissed');
    decide(fixture, chat, AMY, three ?? 0, 'edited');
    expect(states(fixture, chat)).toEqual(['1 accepted', '2 dismissed', '3 edited']);
    expect(fixture.state.chats.get(chat)?.suggestions?.list[0]).toMatchObject({ lineId });
    const { seq } = fixture.state;
    decide(fixture, chat, AMY, one ?? 0, 'accepted', lineId);
    expect(fixture.state.seq).toBe(seq);
    expect(fixture.refused(deciding(fixture, chat, AMY, one ?? 0, 'dismissed'))).toEqual({
      ...{ rejected: 'suggestion-closed', suggestionId: 1, state: 'accepted' },
    });
    expect(fixture.refused(deciding(fixture, chat, AMY, 9, 'dismissed'))).toEqual({
      ...{ rejected: 'unknown-suggestion', suggestionId: 9 },
    });
  });

  it('[SUGGEST2] name a line that the agent said to the visitor, or none', () => {
    const { fixture, chat } = besides();
    suggest(fixture, chat, CAT);
    fixture.line(chat, fixture.as(BEN), 'mine');
    fixture.line(chat, fixture.as(AMY), 'only for us', whisper);
    for (const lineId of [0, fixture.feed(chat).length - 2, fixture.feed(chat).length - 1, 99]) {
      const refused = fixture.refused(deciding(fixture, chat, AMY, 1, 'accepted', lineId));
      expect(refused).toEqual({ rejected: 'not-own-line', eventId: lineId });
    }
  });

  it('[SUGGEST3] are replaced by their author, while they are open', () => {
    const { fixture, chat } = besides();
    suggest(fixture, chat, CAT);
    const others = fixture.refused(suggesting(fixture, chat, BEN, { replacesId: 1 }));
    expect(others).toEqual({ rejected: 'unknown-suggestion', suggestionId: 1 });
    expect(suggest(fixture, chat, CAT, { replacesId: 1 })).toBe(2);
    expect(states(fixture, chat)).toEqual(['1 replaced', '2 open']);
    const late = fixture.refused(suggesting(fixture, chat, CAT, { replacesId: 1 }));
    expect(late).toMatchObject({ rejected: 'suggestion-closed', state: 'replaced' });
  });

  it('[SUGGEST4] expire in their time, also when the clock is set, and never once the chat is over', () => {
    const { fixture, chat } = besides();
    suggest(fixture, chat, CAT, { expiresIn: 30 });
    suggest(fixture, chat, CAT, { expiresIn: 60 });
    suggest(fixture, chat, CAT);
    fixture.pass(29);
    fixture.now += 3_600_000;
    fixture.do<'clock.moved'>({ type: 'clock.moved', by: 3_600_000 });
    expect(states(fixture, chat)).toEqual(['1 open', '2 open', '3 open']);
    fixture.pass(2);
    expect(states(fixture, chat)).toEqual(['1 expired', '2 open', '3 open']);
    expect(fixture.refused(deciding(fixture, chat, AMY, 1, 'accepted'))).toMatchObject({
      ...{ rejected: 'suggestion-closed', state: 'expired' },
    });
    fixture.end(chat);
    fixture.pass(120);
    expect(states(fixture, chat)).toEqual(['1 expired', '2 open', '3 open']);
    expect(fixture.refused(deciding(fixture, chat, AMY, 2, 'accepted'))).toMatchObject({
      rejected: 'chat-ended',
    });
  });

  it('[SUGGEST5] are bounded, in number and in bytes; of those decided the latest stay', () => {
    const { fixture, chat } = besides();
    for (let n = 0; n < MAX_OPEN_SUGGESTIONS; n += 1) suggest(fixture, chat, CAT);
    const more = fixture.refused(suggesting(fixture, chat, CAT));
    expect(more).toEqual({ rejected: 'too-many-suggestions', of: 'open' });
    expect(suggest(fixture, chat, CAT, { replacesId: 1 })).toBe(MAX_OPEN_SUGGESTIONS + 1);
    const long = 'ß'.repeat(8_000);
    const bytes = () => bytesOf(fixture.state.chats.get(chat)?.suggestions?.list);
    for (let n = 0; n < 10; n += 1) suggest(fixture, chat, BEN, { text: long });
    for (let left = 3 * MAX_CLOSED_SUGGESTIONS; left > 0; left -= 1) {
      const outcome = fixture.try<'chat.suggest'>(suggesting(fixture, chat, BEN, { text: long }));
      const refused = 'rejection' in outcome ? outcome.rejection : null;
      if (refused !== null)
        expect(refused).toEqual({ rejected: 'too-many-suggestions', of: 'bytes' });
      const open = fixture.state.chats
        .get(chat)
        ?.suggestions?.list.find((each) => each.state === 'open');
      if (refused !== null) decide(fixture, chat, AMY, open?.id ?? 0, 'dismissed');
      expect(bytes()).toBeLessThan(2.1 * MAX_SUGGESTION_BYTES);
    }
    for (let n = 0; n < 2 * MAX_CLOSED_SUGGESTIONS; n += 1) {
      const id = fixture.state.chats
        .get(chat)
        ?.suggestions?.list.find((each) => each.state === 'open')?.id;
      if (id !== undefined) decide(fixture, chat, AMY, id, 'dismissed');
      else decide(fixture, chat, AMY, suggest(fixture, chat, CAT), 'dismissed');
    }
    expect(states(fixture, chat)).toHaveLength(MAX_CLOSED_SUGGESTIONS);
  });

  it('[SUGGEST6] are counted for their author, also when their chat is forgotten', () => {
    const { fixture, chat } = besides();
    for (const outcome of ['accepted', 'edited', 'dismissed', 'dismissed'] as const) {
      decide(fixture, chat, AMY, suggest(fixture, chat, CAT), outcome);
    }
    suggest(fixture, chat, CAT, { expiresIn: 5 });
    fixture.pass(10);
    suggest(fixture, chat, CAT, { replacesId: suggest(fixture, chat, CAT) });
    fixture.end(chat);
    fixture.pass(3_600);
    expect(fixture.state.chats.has(chat)).toBe(false);
    const counted = { suggested: 7, accepted: 1, edited: 1, dismissed: 2, replaced: 1, expired: 1 };
    expect(figures(fixture, CAT)).toEqual({ ...NO_FIGURES, ...counted });
    expect(figures(fixture, BEN)).toBeUndefined();
    fixture.restart();
    expect(figures(fixture, CAT)).toEqual(counted);
  });

  it('[SUGGEST7] change nothing of the chat that is its visitor’s', () => {
    const { fixture, chat } = besides();
    const seen = () => {
      const { suggestions: _, ...rest } = fixture.state.chats.get(chat) ?? {};
      return JSON.stringify(rest);
    };
    const before = seen();
    fixture.pass(3);
    decide(fixture, chat, AMY, suggest(fixture, chat, CAT), 'dismissed');
    suggest(fixture, chat, BEN, { expiresIn: 1 });
    fixture.pass(2);
    expect(seen()).toBe(before);
  });

  it('[SUGGEST1] wait for whoever is the agent next', () => {
    const { fixture, chat } = besides();
    fixture.watch(chat, BOSS);
    const id = suggest(fixture, chat, CAT);
    fixture.takeOver(chat, BOSS);
    const late = fixture.refused(deciding(fixture, chat, AMY, id, 'accepted'));
    expect(late).toMatchObject({ rejected: 'chat-elsewhere' });
    decide(fixture, chat, BOSS, id, 'accepted');
    expect(states(fixture, chat)).toEqual(['1 accepted']);
  });
});
