import { describe, expect, it } from 'vitest';
import { MAX_IN_CHAT } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, DAN, SALES } from './account.js';
import { ADMIN, BOSS, begin, whisper } from './collaboration-fixture.js';
import { Fixture } from './fixture.js';

describe('inviting', () => {
  it('[COLLAB1] rings at who is invited, who accepts as they would a chat', () => {
    const { fixture, chat } = begin();
    const channel = fixture.invite(chat, AMY, { userId: BEN }, 'listener', 'a tip, please');
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `listener ${BEN}?`]);
    const [offer] = fixture.chat(chat).offers;
    expect(offer?.until).toBe(fixture.now + 20_000);
    expect(offer?.invitation).toMatchObject({ channel, byUserId: AMY, text: 'a tip, please' });
    expect(fixture.canSee(BEN, chat)).toBe(false);
    expect(fixture.accept(BEN)).toBe(chat);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `listener ${BEN}`]);
    expect(fixture.chat(chat).participants[1]?.channel).toBe(channel);
    expect(fixture.canSee(BEN, chat)).toBe(true);
    expect(fixture.feed(chat, 4)).toEqual(['4 Ben joined as listener']);
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
  });

  it('[COLLAB1] is for the agent and for who supervises, not for who only came in beside', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    fixture.joined(chat, AMY, CAT, 'listener');
    for (const [by, role] of [
      [BEN, 'assistant'],
      [CAT, 'listener'],
    ] as const) {
      const inviting = fixture.inviting(chat, by, { userId: DAN }, 'listener');
      const refused = { rejected: 'role-refused', chatId: chat, role, to: 'invite' };
      expect(fixture.refused(inviting)).toEqual(refused);
    }
    const stranger = fixture.inviting(chat, DAN, { userId: BEN }, 'listener');
    expect(fixture.refused(stranger)).toEqual({ rejected: 'unknown-chat', chatId: chat });
    fixture.watch(chat, BOSS);
    fixture.joined(chat, BOSS, DAN, 'listener');
    expect(fixture.people(chat)).toContain(`listener ${DAN}`);
  });

  it('[COLLAB2] whoever is free of a skill asks one after another, until one comes or nobody is left', () => {
    const { fixture, chat } = begin();
    const channel = fixture.invite(chat, AMY, { skillId: BILLING }, 'assistant');
    const asked: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      asked.push(...fixture.people(chat).slice(1));
      expect(fixture.chat(chat).offers[0]?.invitation?.channel).toBe(channel);
      fixture.pass(20);
    }
    expect(asked).toEqual([`assistant ${BEN}?`, `assistant ${CAT}?`, `assistant ${DAN}?`]);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`]);
    // Who has a chat has no room to assist, and is passed over.
    fixture.chatWith(BEN, { skill: BILLING });
    fixture.invite(chat, AMY, { skillId: BILLING }, 'assistant');
    expect(fixture.people(chat)).toContain(`assistant ${CAT}?`);
  });

  it('[COLLAB2] of a skill rings at Occupied ones after Online ones, such as bots that come in beside agents', () => {
    const { fixture, chat } = begin();
    fixture.set(BEN, 'Occupied');
    fixture.set(DAN, 'Away');
    fixture.invite(chat, AMY, { skillId: BILLING }, 'listener');
    expect(fixture.people(chat)).toContain(`listener ${CAT}?`);
    fixture.pass(20);
    expect(fixture.people(chat)).toContain(`listener ${BEN}?`);
    expect(fixture.session(BEN).availability).toBe('Occupied');
    fixture.pass(20);
    // Who is Away is not asked.
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`]);
  });

  it('[COLLAB2] of a skill goes on when the one who rings turns Away or is lost', () => {
    const { fixture, chat } = begin();
    fixture.invite(chat, AMY, { skillId: BILLING }, 'listener');
    fixture.set(BEN, 'Away');
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `listener ${CAT}?`]);
    fixture.close(CAT);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `listener ${DAN}?`]);
    fixture.end(chat);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`]);
    expect(fixture.session(DAN).beside).toEqual([]);
  });

  it('[COLLAB3] that is missed or declined changes no availability', () => {
    const { fixture, chat } = begin();
    fixture.invite(chat, AMY, { userId: BEN }, 'listener');
    fixture.pass(20);
    fixture.invite(chat, AMY, { userId: BEN }, 'listener');
    const [offer] = fixture.chat(chat).offers;
    const sessionId = fixture.session(BEN).id;
    fixture.do<'session.decline'>({ type: 'session.decline', sessionId, offerId: offer?.id ?? 0 });
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`]);
    expect(fixture.session(BEN).availability).toBe('Online');
  });

  it('[COLLAB3] is taken back by its channel', () => {
    const { fixture, chat } = begin();
    const channel = fixture.invite(chat, AMY, { skillId: BILLING }, 'listener');
    fixture.do<'chat.closeChannel'>(fixture.closing(chat, AMY, channel));
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`]);
    const again = fixture.closing(chat, AMY, channel);
    expect(fixture.refused(again)).toEqual({ rejected: 'unknown-channel', chatId: chat, channel });
  });

  it('[COLLAB4] says why somebody cannot come', () => {
    const { fixture, chat } = begin();
    const asking = (userId: number, role: 'assistant' | 'listener' = 'listener') =>
      fixture.refused(fixture.inviting(chat, AMY, { userId }, role));
    const because = (userId: number, why: string) => ({
      rejected: 'agent-unavailable',
      userId,
      because: why,
    });
    expect(asking(99)).toEqual(because(99, 'unknown'));
    expect(asking(ADMIN)).toEqual(because(ADMIN, 'unknown'));
    expect(asking(AMY)).toEqual(because(AMY, 'there'));
    fixture.set(BEN, 'Away');
    expect(asking(BEN)).toEqual(because(BEN, 'absent'));
    fixture.chatWith(CAT, { skill: BILLING });
    expect(asking(CAT, 'assistant')).toEqual(because(CAT, 'full'));
    fixture.invite(chat, AMY, { userId: CAT }, 'listener');
    expect(asking(CAT)).toEqual(because(CAT, 'there'));
    const ofNobody = fixture.inviting(chat, AMY, { skillId: SALES }, 'listener');
    const nobody = { rejected: 'skill-unavailable', skillId: SALES, because: 'nobody' };
    expect(fixture.refused(ofNobody)).toEqual(nobody);
    fixture.end(chat);
    expect(asking(DAN)).toEqual({ rejected: 'chat-ended', chatId: chat });
  });

  it('[COLLAB4] brings a bounded number into one chat', () => {
    const others = Array.from({ length: MAX_IN_CHAT + 1 }, (_, n) => 100 + n);
    const users = [agent(AMY), ...others.map((id) => agent(id, { skillIds: [BILLING] }))];
    const fixture = new Fixture({ users });
    fixture.open(AMY, ...others);
    const chat = fixture.chatWith(AMY);
    for (const id of others.slice(0, MAX_IN_CHAT - 1)) {
      fixture.joined(chat, AMY, id, 'listener');
    }
    const [last = 0] = others.slice(-1);
    const oneMore = fixture.inviting(chat, AMY, { userId: last }, 'listener');
    expect(fixture.refused(oneMore)).toEqual({ rejected: 'too-many-in-chat', chatId: chat });
  });
});

describe('who is beside the agent', () => {
  it('[COLLAB5] counts for their cap as assistant, and for nothing as listener or supervisor', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    fixture.joined(chat, AMY, CAT, 'listener');
    const first = fixture.request({ skill: BILLING });
    const second = fixture.request({ skill: BILLING });
    const third = fixture.request({ skill: BILLING });
    const rung = fixture.places(first, second, third).sort();
    expect(rung).toEqual([`ringing ${CAT}`, `ringing ${DAN}`, 'waiting']);
    fixture.leave(chat, BEN);
    expect(fixture.places(first, second, third)).toContain(`ringing ${BEN}`);
  });

  it('[COLLAB6] leaves, or is sent away by the agent and by who supervises; who supervises is not', () => {
    const { fixture, chat } = begin();
    const assistant = fixture.joined(chat, AMY, BEN, 'assistant');
    const listener = fixture.joined(chat, AMY, CAT, 'listener');
    const boss = fixture.watch(chat, BOSS);
    const by = (userId: number, channel: string) => fixture.closing(chat, userId, channel);
    const refused = (role: string, to: string) => ({
      rejected: 'role-refused',
      chatId: chat,
      role,
      to,
    });
    expect(fixture.refused(by(CAT, assistant))).toEqual(refused('listener', 'send away'));
    expect(fixture.refused(by(AMY, boss))).toEqual(refused('agent', 'send away'));
    expect(fixture.refused(by(AMY, 'agent'))).toEqual(refused('agent', 'leave'));
    expect(fixture.refused(by(BOSS, 'agent'))).toEqual(refused('supervisor', 'send away'));
    fixture.do<'chat.closeChannel'>(by(CAT, listener));
    fixture.do<'chat.closeChannel'>(by(BOSS, assistant));
    fixture.do<'chat.closeChannel'>(by(BOSS, boss));
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`]);
    expect(fixture.feed(chat, 7)).toEqual([
      '7 Cat left as listener',
      '8 Ben left as assistant',
      '9 Agent 9 left as supervisor',
    ]);
    expect([BEN, CAT, BOSS].map((id) => fixture.canSee(id, chat))).toEqual([false, false, false]);
    const late = fixture.saying(chat, fixture.as(BEN), 'am I late?');
    expect(fixture.refused(late)).toEqual({ rejected: 'unknown-chat', chatId: chat });
  });

  it('[COLLAB7] stays when the agent goes, goes with their own session, and the end is for all', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    fixture.joined(chat, AMY, CAT, 'listener');
    fixture.transfer(chat, AMY, { userId: DAN });
    expect(fixture.people(chat)).toEqual([`assistant ${BEN}`, `listener ${CAT}`, `agent ${DAN}?`]);
    fixture.line(chat, fixture.as(BEN), 'one moment');
    fixture.close(CAT);
    expect(fixture.accept(DAN)).toBe(chat);
    expect(fixture.people(chat)).toEqual([`assistant ${BEN}`, `agent ${DAN}`]);
    const before = fixture.session(BEN).id;
    fixture.open(BEN);
    expect(fixture.session(BEN).id).not.toBe(before);
    fixture.line(chat, fixture.as(BEN), 'still here');
    fixture.end(chat);
    expect(fixture.session(BEN).beside).toEqual([]);
    const late = fixture.saying(chat, fixture.as(BEN), 'bye');
    expect(fixture.refused(late)).toEqual({ rejected: 'chat-ended', chatId: chat });
    const note = fixture.saying(chat, fixture.as(BEN), 'a note', whisper);
    expect(fixture.refused(note)).toEqual({ rejected: 'chat-ended', chatId: chat });
    expect(fixture.canSee(BEN, chat)).toBe(true);
  });

  it('[COLLAB8] can become the agent, and is no longer beside it then', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    fixture.reconfigure(BEN, { maxChats: 2 });
    fixture.transfer(chat, AMY, { userId: BEN });
    expect(fixture.people(chat)).toEqual([`assistant ${BEN}`, `agent ${BEN}?`]);
    expect(fixture.accept(BEN)).toBe(chat);
    expect(fixture.people(chat)).toEqual([`agent ${BEN}`]);
    expect(fixture.visitorFeed(chat, 7)).toEqual([
      '7 Ben left as assistant',
      '8 state chatting',
      '9 system 3',
    ]);
    expect(fixture.session(BEN)).toMatchObject({ chatting: [chat], beside: [] });
  });

  it('[COLLAB7] is still there after a restart, with what rings', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    fixture.invite(chat, AMY, { skillId: BILLING }, 'listener', 'tips?');
    const before = fixture.people(chat);
    fixture.pass(19);
    fixture.restart();
    expect(fixture.people(chat)).toEqual(before);
    fixture.pass(19);
    expect(fixture.people(chat)).toEqual(before);
    fixture.pass(1);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `assistant ${BEN}`, `listener ${DAN}?`]);
  });
});

describe('roles', () => {
  it('[ROLE1] a visitor hears the agent and assistants, and nothing of listeners and supervisors', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    fixture.joined(chat, AMY, CAT, 'listener');
    fixture.watch(chat, BOSS);
    for (const [userId, role] of [
      [CAT, 'listener'],
      [BOSS, 'supervisor'],
    ] as const) {
      const line = fixture.saying(chat, fixture.as(userId), 'hello');
      const refused = { rejected: 'role-refused', chatId: chat, role, to: 'speak' };
      expect(fixture.refused(line)).toEqual(refused);
      fixture.line(chat, fixture.as(userId), 'psst', whisper);
    }
    fixture.line(chat, fixture.as(BEN), 'hello');
    fixture.line(chat, fixture.as(BEN), 'psst', whisper);
    fixture.leave(chat, CAT);
    fixture.leave(chat, BOSS);
    expect(fixture.visitorFeed(chat, 4)).toEqual(['4 Ben joined as assistant', '9 Ben: hello']);
    expect(fixture.feed(chat, 4)).toEqual([
      '4 Ben joined as assistant',
      '5 Cat joined as listener',
      '6 Agent 9 joined as supervisor',
      '7 (Cat: psst)',
      '8 (Agent 9: psst)',
      '9 Ben: hello',
      '10 (Ben: psst)',
      '11 Cat left as listener',
      '12 Agent 9 left as supervisor',
    ]);
  });

  it('[ROLE2] only the agent ends, transfers, answers the agent’s survey and reads for the agents', () => {
    const { fixture, chat } = begin();
    fixture.joined(chat, AMY, BEN, 'assistant');
    fixture.joined(chat, AMY, CAT, 'listener');
    fixture.watch(chat, BOSS);
    const survey = { surveyId: 1, title: 'How was it?', answers: [] };
    for (const [userId, role] of [
      [BEN, 'assistant'],
      [CAT, 'listener'],
      [BOSS, 'supervisor'],
    ] as const) {
      const from = fixture.as(userId);
      const refused = (to: string) => ({ rejected: 'role-refused', chatId: chat, role, to });
      expect(fixture.refused({ type: 'chat.end', chatId: chat, from })).toEqual(refused('end'));
      const away = fixture.transferring(chat, userId, { userId: DAN });
      expect(fixture.refused(away)).toEqual(refused('lead'));
      const answers = { type: 'chat.answerSurvey', chatId: chat, from, survey } as const;
      expect(fixture.refused(answers)).toEqual(refused('lead'));
      const read = fixture.do<'chat.read'>({ type: 'chat.read', chatId: chat, from, read: 3 });
      expect(read).toEqual({ read: 0 });
    }
    expect(fixture.chat(chat).read).toBeNull();
  });
});
