/** Programs that do not answer, or give up: spec/collaboration.md, "When a program does not answer". */
import { describe, expect, it } from 'vitest';
import { agent, AMY, BEN, BILLING, CAT, SALES, TWO_SKILLS } from './account.js';
import { Fixture, VISITOR } from './fixture.js';

/** A program that answers for Sales, with Amy and Ben, who are people. */
const BOT = 7;
const bot = (facts: Parameters<typeof agent>[1] = {}) =>
  agent(BOT, { kind: 'bot', nickname: 'Robo', maxChats: -1, ...facts });

/** The program has a chat; the people come afterwards. */
function begin(setup: ConstructorParameters<typeof Fixture>[0] = {}) {
  const fixture = new Fixture({ users: [agent(AMY), agent(BEN), bot()], ...setup });
  fixture.open(BOT);
  const chat = fixture.chatWith(BOT);
  return { fixture, chat };
}

const giveUp = (
  fixture: Fixture,
  chatId: string,
  { skillId = null, text = null }: { skillId?: number | null; text?: string | null } = {},
) => {
  const { id: sessionId } = fixture.session(BOT);
  return {
    type: 'chat.escalate',
    chatId,
    sessionId,
    skillId,
    reason: 'handed-over',
    text,
  } as const;
};

describe('a program that does not answer', () => {
  it('[ESC1] loses the chat to people once a line has waited for as long as the skill allows', () => {
    const { fixture, chat } = begin();
    fixture.open(AMY);
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(59);
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
    fixture.pass(1);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    fixture.accept(AMY);
    expect(fixture.feed(chat, 5)).toEqual([
      '5 system 15',
      '6 state waiting',
      '7 (info: Robo did not answer for 60 seconds. The visitor is waiting for an answer.)',
      '8 state chatting',
      '9 system 3',
    ]);
    expect(fixture.visitorFeed(chat).join()).not.toContain('Robo did not');
  });

  it('[ESC1] is given the time from the first line that nobody answered, not from the last', () => {
    const { fixture, chat } = begin();
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(40);
    fixture.line(chat, VISITOR, 'Hello??');
    fixture.pass(20);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[ESC1] keeps the chat by an answer; a whisper is none', () => {
    const { fixture, chat } = begin();
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(50);
    fixture.line(chat, fixture.as(BOT), 'Hello!');
    fixture.pass(500);
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
    fixture.line(chat, VISITOR, 'And?');
    fixture.pass(50);
    fixture.line(chat, fixture.as(BOT), 'thinking', { subType: 'ONLY_TO_REP' });
    fixture.pass(10);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[ESC1] must answer what was said before it took the chat, from then on', () => {
    const fixture = new Fixture({ users: [agent(AMY), bot()] });
    const chat = fixture.request();
    fixture.line(chat, VISITOR, 'Is anybody there?');
    fixture.pass(100);
    fixture.open(BOT);
    fixture.accept(BOT);
    fixture.pass(59);
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
    fixture.pass(1);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[ESC1] a visitor who has asked nothing waits for nothing', () => {
    const { fixture, chat } = begin();
    fixture.pass(3600);
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
  });

  it('[ESC2] each skill has its limit, chats without a skill the account’s; 0 is none', () => {
    const [sales, billing] = TWO_SKILLS;
    const fixture = new Fixture({
      users: [agent(AMY), bot({ skillIds: [SALES, BILLING] })],
      skills: [
        { ...sales!, answerLimit: 5 },
        { ...billing!, answerLimit: 0 },
      ],
      settings: { answerLimitSeconds: 30 },
    });
    fixture.open(BOT);
    const chats = [SALES, BILLING, null].map((skill) => fixture.chatWith(BOT, { skill }));
    for (const chat of chats) fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(5);
    expect(fixture.places(...chats)).toEqual(['waiting', `chatting ${BOT}`, `chatting ${BOT}`]);
    fixture.pass(25);
    expect(fixture.places(...chats)).toEqual(['waiting', `chatting ${BOT}`, 'waiting']);
    fixture.pass(7200);
    expect(fixture.where(chats[1] ?? '')).toBe(`chatting ${BOT}`);
  });

  it('[ESC2] people are given as long as they need', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(3600);
    expect(fixture.where(chat)).toBe(`chatting ${AMY}`);
  });

  it('[ESC3] finds 409 naming the owner when it comes back', () => {
    const { fixture, chat } = begin();
    fixture.open(AMY);
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(60);
    fixture.accept(AMY);
    const late = fixture.saying(chat, fixture.as(BOT), 'Sorry, here I am.');
    expect(fixture.refused(late)).toMatchObject({
      rejected: 'chat-elsewhere',
      whereabouts: { is: 'chatting', userId: AMY, nickname: 'Amy' },
    });
    // In a newer session of its own as well.
    fixture.open(BOT);
    expect(fixture.refused(fixture.saying(chat, fixture.as(BOT), 'Me again.'))).toMatchObject({
      rejected: 'chat-elsewhere',
    });
  });
});

describe('where the chat goes', () => {
  it('[ESC4] to the head of its queue, before chats that nobody has served', () => {
    const { fixture, chat } = begin();
    fixture.set(BOT, 'Away');
    const other = fixture.request();
    fixture.do<'chat.escalate'>(giveUp(fixture, chat));
    fixture.open(AMY);
    expect(fixture.places(chat, other)).toEqual([`ringing ${AMY}`, 'waiting']);
  });

  it('[ESC4] to people alone, not to another program, and waits for them when none is there', () => {
    const fixture = new Fixture({
      users: [agent(AMY), bot(), agent(CAT, { kind: 'bot', maxChats: -1 })],
    });
    fixture.open(BOT);
    const chat = fixture.chatWith(BOT);
    fixture.open(CAT);
    fixture.do<'chat.escalate'>(giveUp(fixture, chat));
    expect(fixture.where(chat)).toBe('waiting');
    fixture.pass(120);
    expect(fixture.lastSystemLine(chat).systemMessageId).toBe(2);
    fixture.open(AMY);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    // It stays for people when one of them lets it ring.
    fixture.pass(20);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[ESC4] to other programs where the skill has no people', () => {
    const fixture = new Fixture({
      users: [bot(), agent(CAT, { kind: 'bot' }), agent(AMY, { skillIds: [BILLING] })],
    });
    fixture.open(BOT);
    const chat = fixture.chatWith(BOT);
    fixture.open(CAT, AMY);
    fixture.do<'chat.escalate'>(giveUp(fixture, chat));
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
  });

  it('[ESC5] a program hands over to its skill or to another, with a note for people', () => {
    const { fixture, chat } = begin({
      users: [agent(AMY, { skillIds: [BILLING] }), agent(BEN), bot()],
    });
    fixture.do<'chat.escalate'>(
      giveUp(fixture, chat, { skillId: BILLING, text: 'Wants a refund' }),
    );
    fixture.open(BEN, AMY);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    expect(fixture.feed(chat, 4)).toEqual([
      '4 system 15',
      '5 state waiting',
      '6 (info: Robo handed the chat over.)',
      '7 (Robo: Wants a refund)',
    ]);
    expect(fixture.visitorFeed(chat, 4)).toEqual(['4 system 15', '5 state waiting']);
  });

  it('[ESC5] refuses a skill that there is not, and one to which its skill gives nothing', () => {
    const [sales, billing] = TWO_SKILLS;
    const { fixture, chat } = begin({ skills: [{ ...sales!, canTransfer: false }, billing!] });
    const refused = (skillId: number) => fixture.refused(giveUp(fixture, chat, { skillId }));
    expect(refused(99)).toMatchObject({ rejected: 'skill-unavailable', because: 'unknown' });
    expect(refused(BILLING)).toMatchObject({ rejected: 'skill-unavailable', because: 'kept' });
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
  });

  it('[ESC6] is for the chat’s agent alone', () => {
    const { fixture, chat } = begin({ users: [agent(AMY, { maxChats: 5 }), agent(BEN), bot()] });
    fixture.open(AMY);
    fixture.joined(chat, BOT, AMY, 'assistant');
    const { id: sessionId } = fixture.session(AMY);
    const refusal = fixture.refused({ ...giveUp(fixture, chat), sessionId });
    expect(refusal).toMatchObject({ rejected: 'role-refused', role: 'assistant', to: 'lead' });
  });

  it('[ESC7] a program whose session is lost leaves a note', () => {
    const { fixture, chat } = begin();
    fixture.open(AMY);
    fixture.close(BOT, 'lost');
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    expect(fixture.feed(chat).at(-1)).toBe('6 (info: Robo gave no heartbeat any more.)');
  });

  it('[ESC7] people come before other programs for a chat whose program was lost, Occupied ones too', () => {
    const { fixture, chat } = begin({
      users: [agent(AMY), bot(), agent(CAT, { kind: 'bot', maxChats: -1 })],
    });
    fixture.open(CAT, AMY);
    fixture.chatWith(AMY, { agent: AMY });
    fixture.set(AMY, 'Occupied');
    fixture.close(BOT, 'lost');
    // She has no room now, and is there.
    expect(fixture.where(chat)).toBe('waiting');
    // Chats behind it that another program may take do not wait for her.
    expect(fixture.where(fixture.request())).toBe(`ringing ${CAT}`);
    fixture.restart();
    fixture.set(AMY, 'Away');
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
  });

  it('[ESC11] two programs that die in a row leave nobody waiting: the time goes along, and people come first', () => {
    const ROBO = 8;
    const { fixture, chat } = begin({
      users: [agent(AMY), bot(), agent(CAT, { kind: 'bot' }), agent(ROBO, { kind: 'bot' })],
    });
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(30);
    fixture.open(CAT);
    fixture.close(BOT, 'lost');
    fixture.accept(CAT);
    expect(fixture.lastSystemLine(chat).systemMessageId).toBe(3);
    // What is left of the 60 seconds, and not 60 more.
    fixture.pass(29);
    expect(fixture.where(chat)).toBe(`chatting ${CAT}`);
    fixture.open(ROBO, BOT);
    fixture.pass(1);
    // Neither to the one that has just failed nor to the one before.
    expect(fixture.where(chat)).toBe(`ringing ${ROBO}`);
    fixture.accept(ROBO);
    fixture.close(ROBO, 'lost');
    expect(fixture.where(chat)).toBe('waiting');
    fixture.open(AMY);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
    fixture.accept(AMY);
    expect(fixture.refused(fixture.saying(chat, fixture.as(CAT), 'Late.'))).toMatchObject({
      rejected: 'chat-elsewhere',
      whereabouts: { userId: AMY },
    });
  });

  it('[ESC11] the next program has as long as a chat rings at least', () => {
    const { fixture, chat } = begin({ users: [agent(AMY), bot(), agent(CAT, { kind: 'bot' })] });
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(55);
    fixture.open(CAT);
    fixture.close(BOT, 'lost');
    fixture.accept(CAT);
    fixture.pass(19);
    expect(fixture.where(chat)).toBe(`chatting ${CAT}`);
    fixture.pass(1);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[ESC4] where a program failed another one goes on while no people are there', () => {
    const { fixture, chat } = begin({ users: [agent(AMY), bot(), agent(CAT, { kind: 'bot' })] });
    fixture.open(CAT);
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(60);
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
    // It does not take it either: the visitor reads so, and people get it once they are there.
    fixture.pass(20);
    expect(fixture.where(chat)).toBe('waiting');
    fixture.pass(100);
    expect(fixture.lastSystemLine(chat).systemMessageId).toBe(2);
    fixture.set(CAT, 'Online');
    expect(fixture.where(chat)).toBe(`ringing ${CAT}`);
    fixture.set(CAT, 'Away');
    fixture.open(AMY);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });
});

describe('the time to answer', () => {
  it('[ESC8] is the same after a restart; what a stop held up is not held against the program', () => {
    const { fixture, chat } = begin();
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(10);
    fixture.restart();
    fixture.pass(49);
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
    fixture.pass(1);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[ESC8] after a long stop it is as long as a chat rings', () => {
    const { fixture, chat } = begin();
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.sleep(600);
    fixture.restart();
    fixture.pass(19);
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
    fixture.pass(1);
    expect(fixture.where(chat)).toBe('waiting');
  });

  it('[ESC8] is moved along when the clock is set', () => {
    const { fixture, chat } = begin();
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.now += 3_600_000;
    fixture.do<'clock.moved'>({ type: 'clock.moved', by: 3_600_000 });
    fixture.pass(59);
    expect(fixture.where(chat)).toBe(`chatting ${BOT}`);
    fixture.pass(1);
    expect(fixture.where(chat)).toBe('waiting');
  });
});
