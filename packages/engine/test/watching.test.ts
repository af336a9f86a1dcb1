import { describe, expect, it } from 'vitest';
import { agent, AMY, BEN, BILLING, CAT } from './account.js';
import { ADMIN, BOSS, begin } from './collaboration-fixture.js';
import { Fixture, VISITOR } from './fixture.js';

describe('supervising', () => {
  it('[WATCH1] brings administrators into any chat, managers into those of their groups, uninvited', () => {
    const { fixture, chat } = begin();
    fixture.open(BEN);
    const other = fixture.chatWith(BEN, { skill: BILLING });
    const channel = fixture.watch(chat, BOSS);
    expect(fixture.watch(chat, BOSS)).toBe(channel);
    fixture.watch(other, ADMIN);
    const watching = (chatId: string, userId: number) =>
      ({ type: 'chat.watch', chatId, sessionId: fixture.session(userId).id }) as const;
    const unknown = { rejected: 'unknown-chat', chatId: other };
    expect(fixture.refused(watching(other, BOSS))).toEqual(unknown);
    expect(fixture.refused(watching(other, CAT))).toEqual(unknown);
    expect(fixture.visitorFeed(chat, 4)).toEqual([]);
    fixture.end(other);
    const late = fixture.refused(watching(other, ADMIN));
    expect(late).toEqual({ rejected: 'chat-ended', chatId: other });
  });

  it('[WATCH2] is over when the chat goes to agents of others, and when the right is gone', () => {
    const { fixture, chat } = begin();
    fixture.watch(chat, BOSS);
    fixture.watch(chat, ADMIN);
    fixture.transfer(chat, AMY, { userId: BEN });
    expect(fixture.canSee(BOSS, chat)).toBe(false);
    expect(fixture.people(chat)).toEqual([`supervisor ${ADMIN}`, `agent ${BEN}?`]);
    expect(fixture.visitorFeed(chat, 6)).toEqual(['6 system 13', '7 state waiting']);
    fixture.accept(BEN);
    fixture.reconfigure(ADMIN, { roles: ['agent'] });
    expect(fixture.state.sessionOfUser.has(ADMIN)).toBe(false);
    expect(fixture.people(chat)).toEqual([`agent ${BEN}`]);
  });

  it('[WATCH3] takes a chat over: whoever had it is told by 409 who has it', () => {
    const { fixture, chat } = begin();
    fixture.watch(chat, BOSS);
    fixture.takeOver(chat, BOSS);
    expect(fixture.people(chat)).toEqual([`agent ${BOSS}`]);
    expect(fixture.visitorFeed(chat, 4)).toEqual(['6 system 3']);
    fixture.line(chat, fixture.as(BOSS), 'I am the manager');
    const late = fixture.refused(fixture.saying(chat, fixture.as(AMY), 'hello?'));
    expect(late).toMatchObject({
      rejected: 'chat-elsewhere',
      whereabouts: { is: 'chatting', userId: BOSS },
    });
    expect(fixture.session(AMY).chatting).toEqual([]);
    const again = {
      type: 'chat.takeOver',
      chatId: chat,
      sessionId: fixture.session(BOSS).id,
    } as const;
    expect(fixture.refused(again)).toMatchObject({ because: 'giver' });
  });

  it('[WATCH3] takes over what waits, and what rings, without having come in before', () => {
    const { fixture } = begin();
    const waiting = fixture.request();
    const ringing = fixture.request({ skill: BILLING });
    expect(fixture.places(waiting, ringing)).toEqual(['waiting', `ringing ${BEN}`]);
    fixture.takeOver(waiting, ADMIN);
    fixture.takeOver(ringing, ADMIN);
    expect(fixture.places(waiting, ringing)).toEqual([`chatting ${ADMIN}`, `chatting ${ADMIN}`]);
    expect(fixture.visitorFeed(ringing, 2)).toEqual(['2 state chatting', '3 system 3']);
    const mine = {
      type: 'chat.takeOver',
      chatId: waiting,
      sessionId: fixture.session(AMY).id,
    } as const;
    expect(fixture.refused(mine)).toEqual({ rejected: 'unknown-chat', chatId: waiting });
  });

  it('[WATCH3] is not for an assistant or a listener', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    const takeOver = {
      type: 'chat.takeOver',
      chatId: chat,
      sessionId: fixture.session(BEN).id,
    } as const;
    expect(fixture.refused(takeOver)).toMatchObject({ rejected: 'role-refused' });
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
  });

  it('[WATCH4] a session to watch from never rings, is Away, and needs no right to take chats', () => {
    const fixture = new Fixture({
      users: [
        agent(AMY, { roles: ['agent', 'administrator'] }),
        agent(BOSS, { roles: ['manager'] }),
      ],
    });
    fixture.open(AMY);
    const chat = fixture.request();
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    fixture.login(AMY, { supervises: true });
    expect(fixture.where(chat)).toBe('waiting');
    const sessionId = fixture.session(AMY).id;
    const online = { type: 'session.setAvailability', sessionId, availability: 'Online' } as const;
    expect(fixture.refused(online)).toEqual({ rejected: 'session-watches', sessionId });
    fixture.login(BOSS, { supervises: true });
    expect(fixture.session(BOSS).availability).toBe('Away');
    const plain = { type: 'session.open', userId: BOSS, cookieHash: null } as const;
    expect(fixture.refused(plain)).toEqual({ rejected: 'unknown-user', userId: BOSS });
    const watch = { ...plain, userId: 99, supervises: true } as const;
    expect(fixture.refused(watch)).toEqual({ rejected: 'unknown-user', userId: 99 });
  });
});

describe('offers', () => {
  it('[OFFER2] are accepted by id, and without one the longest-ringing is', () => {
    const { fixture, chat } = begin();
    fixture.invite(chat, AMY, { userId: BEN }, 'listener');
    const other = fixture.request({ skill: BILLING });
    expect(fixture.where(other)).toBe(`ringing ${BEN}`);
    const sessionId = fixture.session(BEN).id;
    const [second] = fixture.chat(other).offers;
    const accepting = { type: 'session.accept', sessionId, offerId: second?.id ?? 0 } as const;
    expect(fixture.do<'session.accept'>(accepting)).toEqual({ chatId: other });
    expect(fixture.refused(accepting)).toEqual({ rejected: 'nothing-ringing' });
    expect(fixture.accept(BEN)).toBe(chat);
  });

  it('[OFFER3] of a chat that is declined goes on at once, and its agent turns Away', () => {
    const { fixture } = begin();
    const chat = fixture.request({ skill: BILLING });
    const [offer] = fixture.chat(chat).offers;
    const sessionId = fixture.session(BEN).id;
    const declining = { type: 'session.decline', sessionId, offerId: offer?.id ?? 0 } as const;
    fixture.do<'session.decline'>(declining);
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
    expect(fixture.session(BEN).availability).toBe('Away');
    expect(fixture.refused(declining)).toEqual({ rejected: 'nothing-ringing' });
    fixture.line(chat, VISITOR, 'anybody?');
  });
});
