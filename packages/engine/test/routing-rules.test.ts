/** Attachment rules: spec/collaboration.md, "Attachment rules". */
import { describe, expect, it } from 'vitest';
import type { RoutingRule } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { Fixture, START, VISITOR } from './fixture.js';

const BOT = 7;
const bot = (facts: Parameters<typeof agent>[1] = {}) =>
  agent(BOT, { kind: 'bot', nickname: 'Robo', maxChats: 100, ...facts });

const rule = (facts: Partial<RoutingRule> = {}): RoutingRule => ({
  ...{ id: 1, name: 'Tips', order: 1, action: 'attach', userId: BOT, role: 'listener' },
  ...{ skillIds: [], languages: [], hours: [], answers: [], ...facts },
});

const first = (facts: Partial<RoutingRule> = {}) => rule({ action: 'answer-first', ...facts });

/** Amy and Ben are people; the bot holds no skill unless said otherwise. */
function begin(
  rules: readonly RoutingRule[],
  setup: ConstructorParameters<typeof Fixture>[0] = {},
): Fixture {
  const users = [agent(AMY, { maxChats: 5 }), agent(BEN), bot({ skillIds: [] })];
  const fixture = new Fixture({ users, ...setup });
  configure(fixture, rules);
  return fixture;
}

function configure(fixture: Fixture, rules: readonly RoutingRule[]): void {
  const routingRules = new Map(rules.map((each) => [each.id, each]));
  fixture.config = { ...fixture.config, routingRules };
  fixture.do<'config.changed'>({ type: 'config.changed' });
}

describe('who is attached', () => {
  it('[RULE1] is asked into each chat once it has an agent, by the rule, and comes as its role', () => {
    const fixture = begin([rule()]);
    fixture.open(AMY, BOT);
    const chat = fixture.request();
    expect(fixture.people(chat)).toEqual([`agent ${AMY}?`]);
    fixture.accept(AMY);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `listener ${BOT}?`]);
    const [offer] = fixture.chat(chat).offers;
    expect(offer?.why).toMatchObject({ rule: 'attached', ruleId: 1 });
    expect(offer?.invitation).toMatchObject({ byUserId: null, ruleId: 1 });
    fixture.accept(BOT);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `listener ${BOT}`]);
    expect(fixture.visitorFeed(chat).join()).not.toContain('joined');
  });

  it('[RULE2] comes to chats that go on when they come Online, when the rule is made, and after a restart', () => {
    const fixture = begin([rule()]);
    fixture.open(AMY);
    const early = fixture.chatWith(AMY);
    fixture.open(BOT);
    expect(fixture.people(early)).toContain(`listener ${BOT}?`);
    configure(fixture, []);
    const between = fixture.chatWith(AMY);
    expect(fixture.people(between)).toEqual([`agent ${AMY}`]);
    configure(fixture, [rule()]);
    expect(fixture.people(between)).toContain(`listener ${BOT}?`);
    fixture.set(BOT, 'Away');
    const late = fixture.chatWith(AMY);
    fixture.set(BOT, 'Online');
    expect(fixture.people(late)).toContain(`listener ${BOT}?`);
  });

  it('[RULE2] who declines, leaves or is sent away is asked again only for another agent, or in a new session', () => {
    const fixture = begin([rule()]);
    fixture.open(AMY, BOT);
    const chat = fixture.chatWith(AMY);
    const { id: sessionId } = fixture.session(BOT);
    const offerId = fixture.chat(chat).offers[0]?.id ?? 0;
    fixture.do<'session.decline'>({ type: 'session.decline', sessionId, offerId });
    configure(fixture, [rule()]);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`]);
    fixture.open(BEN);
    fixture.transfer(chat, AMY, { userId: BEN });
    fixture.accept(BEN);
    expect(fixture.people(chat)).toEqual([`agent ${BEN}`, `listener ${BOT}?`]);
    fixture.accept(BOT);
    fixture.leave(chat, BOT);
    configure(fixture, [rule()]);
    expect(fixture.people(chat)).toEqual([`agent ${BEN}`]);
    fixture.open(BOT);
    expect(fixture.people(chat)).toEqual([`agent ${BEN}`, `listener ${BOT}?`]);
  });

  it('[RULE2] of more chats than can ring at once the others follow', () => {
    const users = [agent(AMY, { maxChats: -1 }), bot({ skillIds: [] })];
    const fixture = begin([rule()], { users });
    fixture.open(AMY);
    const chats = Array.from({ length: 130 }, () => fixture.chatWith(AMY));
    fixture.open(BOT);
    fixture.tick();
    const asked = () => chats.filter((chat) => fixture.people(chat).length === 2).length;
    expect(asked()).toBe(100);
    for (let n = 0; n < 60; n += 1) fixture.accept(BOT);
    fixture.tick();
    expect(asked()).toBe(130);
  });

  it('[RULE3] several rules act in their order; one user is asked once, by the first', () => {
    const users = [agent(AMY), bot({ skillIds: [] }), agent(CAT, { skillIds: [], maxChats: 3 })];
    const fixture = begin(
      [
        rule({ id: 1, order: 3, role: 'assistant' }),
        rule({ id: 2, order: 2 }),
        rule({ id: 3, order: 4, userId: CAT, role: 'assistant' }),
      ],
      { users },
    );
    fixture.open(AMY, BOT, CAT);
    const chat = fixture.chatWith(AMY);
    expect(fixture.people(chat)).toEqual([`agent ${AMY}`, `listener ${BOT}?`, `assistant ${CAT}?`]);
  });

  it('[RULE6] when the agent leaves others stay, and go where the account says so', () => {
    const users = [agent(AMY), agent(BEN), bot({ skillIds: [] })];
    for (const besideWhenAgentLeaves of ['stay', 'leave'] as const) {
      const fixture = begin([rule()], { users, settings: { besideWhenAgentLeaves } });
      fixture.open(AMY, BOT);
      const chat = fixture.chatWith(AMY);
      fixture.accept(BOT);
      fixture.open(BEN);
      fixture.transfer(chat, AMY, { userId: BEN });
      const stays = besideWhenAgentLeaves === 'stay';
      expect(fixture.people(chat)).toEqual(
        stays ? [`listener ${BOT}`, `agent ${BEN}?`] : [`agent ${BEN}?`],
      );
      // Whom a rule attaches is asked again for the next agent.
      fixture.accept(BEN);
      expect(fixture.people(chat).sort()).toEqual(
        [`agent ${BEN}`, stays ? `listener ${BOT}` : `listener ${BOT}?`].sort(),
      );
    }
  });

  it('[RULE6] an invitation is taken back, too; who supervises stays', () => {
    const users = [agent(AMY), agent(BEN), agent(CAT), agent(8, { roles: ['administrator'] })];
    const fixture = begin([], { users, settings: { besideWhenAgentLeaves: 'leave' } });
    fixture.open(AMY);
    const chat = fixture.chatWith(AMY);
    fixture.open(BEN, CAT);
    fixture.login(8, { supervises: true });
    fixture.watch(chat, 8);
    fixture.invite(chat, AMY, { userId: CAT }, 'listener');
    fixture.close(AMY);
    expect(fixture.people(chat)).toContain('supervisor 8');
    expect(fixture.people(chat).join()).not.toContain('listener');
  });
});

describe('who answers first', () => {
  it('[RULE4] a bot that is free gets new chats before people do, whatever their load', () => {
    const fixture = begin([first()], { users: [agent(AMY, { maxChats: 9 }), bot()] });
    fixture.open(AMY, BOT);
    const chats = [1, 2, 3].map(() => fixture.request());
    expect(fixture.places(...chats)).toEqual(Array(3).fill(`ringing ${BOT}`));
    const [offer] = fixture.chat(chats[0] ?? '').offers;
    expect(offer?.why).toMatchObject({ rule: 'answer-first', ruleId: 1 });
  });

  it('[RULE4] people get them when the bot is not there, is full, or lets them ring', () => {
    const fixture = begin([first()], {
      users: [agent(AMY, { maxChats: 9 }), bot({ maxChats: 1 })],
    });
    fixture.open(AMY);
    expect(fixture.where(fixture.request())).toBe(`ringing ${AMY}`);
    fixture.accept(AMY);
    fixture.open(BOT);
    const chat = fixture.request();
    expect(fixture.places(chat, fixture.request())).toEqual([`ringing ${BOT}`, `ringing ${AMY}`]);
    fixture.accept(AMY);
    fixture.pass(20);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[RULE4] what the bot hands over goes to people, and not back to it', () => {
    const fixture = begin([first()], { users: [agent(AMY), bot()] });
    fixture.open(BOT, AMY);
    const chat = fixture.chatWith(BOT);
    fixture.line(chat, VISITOR, 'Hello?');
    fixture.pass(60);
    expect(fixture.where(chat)).toBe(`ringing ${AMY}`);
  });

  it('[RULE4] a chat for one agent by name is theirs', () => {
    const fixture = begin([first()], { users: [agent(AMY), bot()] });
    fixture.open(BOT, AMY);
    expect(fixture.where(fixture.request({ agent: AMY }))).toBe(`ringing ${AMY}`);
  });
});

describe('conditions', () => {
  const rung = (facts: Partial<RoutingRule>, request: Parameters<Fixture['request']>[0] = {}) => {
    const users = [agent(AMY, { maxChats: 9, skillIds: [SALES, BILLING] }), bot()];
    const fixture = begin([first(facts)], { users, settings: { timeZone: 'Europe/Athens' } });
    fixture.open(AMY, BOT);
    // Amy is idle for longer, and would be rung without the rule.
    return fixture.where(fixture.request(request)) === `ringing ${BOT}`;
  };

  it('[RULE5] a rule is for the chats of its skills', () => {
    expect(rung({ skillIds: [SALES] })).toBe(true);
    expect(rung({ skillIds: [BILLING] })).toBe(false);
  });

  it('[RULE5] for visitors of its languages', () => {
    const speaking = (language: string | null) =>
      rung({ languages: ['de'] }, { visitor: { language } });
    expect(['de', 'de-AT', 'DE_ch', 'en', 'den', null].map(speaking)).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
  });

  it('[RULE5] at its hours, on the account’s clock', () => {
    // START is Monday, 09:00 UTC: 11:00 in Athens.
    expect(new Date(START).toISOString()).toBe('2026-01-05T09:00:00.000Z');
    const at = (weekday: 1 | 2, from: number, to: number) =>
      rung({ hours: [{ weekday, from: from * 60, to: to * 60 }] });
    expect(at(1, 11, 12)).toBe(true);
    expect(at(1, 9, 11)).toBe(false);
    expect(at(2, 11, 12)).toBe(false);
  });

  it('[RULE5] when the pre-chat survey was answered so', () => {
    const users = [agent(AMY, { maxChats: 9 }), bot()];
    const answered = (values: readonly string[]) => {
      const fixture = begin([first({ answers: [{ questionId: 4, answer: 'An order' }] })], {
        users,
      });
      fixture.open(AMY, BOT);
      const answers = [{ questionId: 4, label: 'About?', values }];
      const preChat = { surveyId: 1, title: 'Before', answers };
      const { chatId } = fixture.do<'chat.request'>({ ...fixture.asking(), preChat });
      return fixture.where(chatId);
    };
    expect(answered(['an order'])).toBe(`ringing ${BOT}`);
    expect(answered(['else', 'An order'])).toBe(`ringing ${BOT}`);
    expect(answered(['else'])).toBe(`ringing ${AMY}`);
  });
});
