/** What visitors bring along and leave behind: variables, surveys, transcripts. */
import { describe, expect, it } from 'vitest';
import {
  type AccountCommand,
  access,
  type CommandType,
  type FilledSurvey,
  initialState,
  MAX_TRANSCRIPTS,
  readSnapshot,
  replay,
  takeSnapshot,
} from '@parley/engine';
import { AMY, agent, BEN, CAT } from './account.js';
import { restored } from './restored.js';
import { attribute, page, see } from './visit-reports.js';
import { START, VISITOR, Fixture } from './fixture.js';

type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;

const SATISFIED: FilledSurvey = {
  surveyId: 7,
  title: 'How was it?',
  answers: [{ questionId: 71, label: 'Are you satisfied?', values: ['yes'] }],
};
const UNSATISFIED: FilledSurvey = {
  ...SATISFIED,
  answers: [{ questionId: 71, label: 'Are you satisfied?', values: ['no'] }],
};

function answer(
  chatId: string,
  from: CommandOf<'chat.answerSurvey'>['from'],
  survey = SATISFIED,
): CommandOf<'chat.answerSurvey'> {
  return { type: 'chat.answerSurvey', chatId, from, survey };
}

function mail(chatId: string): CommandOf<'transcript.request'> {
  return { type: 'transcript.request', chatId, email: 'vera@example.com', subject: null };
}

describe('custom variables', () => {
  it('[VARS1] come with the request, and later; of a name the last value counts', () => {
    const fixture = new Fixture();
    const asking = fixture.asking();
    const variables = [
      { name: 'plan', value: 'gold' },
      { name: 'plan', value: 'silver' },
      { name: 'seats', value: '3' },
    ];
    const { chatId } = fixture.do<'chat.request'>({ ...asking, variables });
    expect(fixture.chat(chatId).variables).toEqual([
      { name: 'plan', value: 'silver', at: START },
      { name: 'seats', value: '3', at: START },
    ]);
    fixture.sleep(5);
    const news = [{ name: 'plan', value: 'gold' }];
    fixture.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables: news });
    expect(fixture.chat(chatId).variables).toEqual([
      { name: 'seats', value: '3', at: START },
      { name: 'plan', value: 'gold', at: START + 5000 },
    ]);
  });

  it('[VARS2] with the values that they have already change nothing', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    const variables = [{ name: 'plan', value: 'gold' }];
    fixture.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
    const before = fixture.journal.length;
    fixture.sleep(5);
    fixture.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
    expect(fixture.journal.length).toBe(before);
  });

  it('[VARS3] are a hundred at most; the oldest go', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    const variables = Array.from({ length: 120 }, (_, n) => ({ name: `v${n}`, value: '' }));
    fixture.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
    const kept = fixture.chat(chatId).variables ?? [];
    expect([kept.length, kept[0]?.name, kept.at(-1)?.name]).toEqual([100, 'v20', 'v119']);
  });

  it('[VARS4] are taken neither by an ended chat nor by one that is not there', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    fixture.end(chatId);
    const variables = [{ name: 'plan', value: 'gold' }];
    for (const [id, rejected] of [
      [chatId, 'chat-ended'],
      ['c99', 'unknown-chat'],
    ] as const) {
      const command = { type: 'chat.setVariables', chatId: id, variables } as const;
      expect(fixture.refused<'chat.setVariables'>(command)).toEqual({ rejected, chatId: id });
    }
  });
});

describe('surveys', () => {
  it('[FILL1] what was answered before the chat is kept with it', () => {
    const fixture = new Fixture();
    const { chatId } = fixture.do<'chat.request'>({ ...fixture.asking(), preChat: SATISFIED });
    expect(fixture.chat(chatId).surveys).toEqual({
      preChat: { ...SATISFIED, at: START },
      exit: null,
      agent: null,
    });
    expect(fixture.chat(fixture.request()).surveys).toBeNull();
  });

  it('[FILL2] the exit survey is the visitor’s, in the chat and after it while it is readable', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    const chatId = fixture.chatWith(AMY);
    fixture.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    fixture.end(chatId);
    fixture.pass(29 * 60);
    fixture.do<'chat.answerSurvey'>(answer(chatId, VISITOR, UNSATISFIED));
    const at = START + 29 * 60_000;
    expect(fixture.chat(chatId).surveys?.exit).toEqual({ ...UNSATISFIED, at });
    fixture.pass(60);
    expect(fixture.refused<'chat.answerSurvey'>(answer(chatId, VISITOR))).toEqual({
      rejected: 'unknown-chat',
      chatId,
    });
  });

  it('[FILL3] the agent survey is for who chats, or chatted last; others in it are refused, and nobody else finds the chat', () => {
    const fixture = new Fixture({ users: [AMY, BEN, CAT].map((id) => agent(id)) });
    fixture.open(AMY, BEN, CAT);
    const chatId = fixture.chatWith(AMY);
    fixture.joined(chatId, AMY, CAT, 'assistant');
    const stranger = answer(chatId, fixture.as(BEN));
    expect(fixture.refused<'chat.answerSurvey'>(stranger)).toEqual({
      rejected: 'unknown-chat',
      chatId,
    });
    const beside = answer(chatId, fixture.as(CAT));
    const refused = { rejected: 'role-refused', chatId, role: 'assistant', to: 'lead' };
    expect(fixture.refused<'chat.answerSurvey'>(beside)).toEqual(refused);
    fixture.do<'chat.answerSurvey'>(answer(chatId, fixture.as(AMY)));
    fixture.end(chatId);
    expect(fixture.refused<'chat.answerSurvey'>(beside)).toEqual(refused);
    fixture.do<'chat.answerSurvey'>(answer(chatId, fixture.as(AMY), UNSATISFIED));
    expect(fixture.refused<'chat.answerSurvey'>(stranger).rejected).toBe('unknown-chat');
    expect(fixture.chat(chatId).surveys).toEqual({
      preChat: null,
      exit: null,
      agent: { ...UNSATISFIED, at: START },
    });
    const events = fixture.journal.flatMap(({ event }) =>
      event.type === 'chat.surveyAnswered' ? [[event.kind, event.byUserId]] : [],
    );
    expect(events).toEqual([
      ['agent', AMY],
      ['agent', AMY],
    ]);
  });

  it('[FILL4] the same answers again change nothing', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    fixture.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    const before = fixture.journal.length;
    fixture.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    expect(fixture.journal.length).toBe(before);
  });

  it('[FILL5] an offline survey is kept in the journal, and changes nothing live', () => {
    const fixture = new Fixture();
    const { seq: _, rosterSeq, ...before } = takeState(fixture);
    const visitor = { visitorId: null, ip: '192.0.2.1', userAgent: null, language: null };
    fixture.do<'offline.leaveSurvey'>({
      type: 'offline.leaveSurvey',
      skillId: null,
      visitor,
      survey: SATISFIED,
    });
    expect(fixture.journal.at(-1)?.event).toEqual({
      type: 'offline.surveyLeft',
      skillId: null,
      visitor,
      survey: SATISFIED,
    });
    const { seq, ...after } = takeState(fixture);
    expect([seq, after]).toEqual([1, { ...before, rosterSeq }]);
  });
});

function takeState(fixture: Fixture) {
  return JSON.parse(JSON.stringify({ ...fixture.state, deadlines: null }));
}

describe('transcripts', () => {
  it('[OUT1] one asked for stays in the outbox until it is sent or given up', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    fixture.do<'transcript.request'>(mail(chatId));
    fixture.do<'transcript.request'>({ ...mail(chatId), subject: 'Our chat' });
    expect([...fixture.state.outbox.values()]).toEqual([
      {
        id: 'mail-1',
        chatId,
        email: 'vera@example.com',
        subject: null,
        ip: null,
        requestedAt: START,
      },
      {
        id: 'mail-2',
        chatId,
        email: 'vera@example.com',
        subject: 'Our chat',
        ip: null,
        requestedAt: START,
      },
    ]);
    settle(fixture, 'mail-1', { became: 'sent' });
    settle(fixture, 'mail-2', { became: 'failed', reason: 'no such mailbox' });
    expect(fixture.state.outbox.size).toBe(0);
    expect(fixture.journal.slice(-2).map(({ event }) => event)).toEqual([
      { type: 'transcript.sent', mailId: 'mail-1', chatId },
      { type: 'transcript.failed', mailId: 'mail-2', chatId, reason: 'no such mailbox' },
    ]);
  });

  it('[OUT2] settling one that is not in the outbox changes nothing', () => {
    const fixture = new Fixture();
    fixture.do<'transcript.request'>(mail(fixture.request()));
    settle(fixture, 'mail-1', { became: 'sent' });
    const before = fixture.journal.length;
    settle(fixture, 'mail-1', { became: 'failed', reason: 'late' });
    settle(fixture, 'mail-9', { became: 'sent' });
    expect(fixture.journal.length).toBe(before);
  });

  it('[OUT3] five can be asked for in a chat, no more', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    for (let n = 0; n < MAX_TRANSCRIPTS; n += 1) {
      fixture.do<'transcript.request'>(mail(chatId));
      settle(fixture, `mail-${n}`, { became: 'sent' });
    }
    expect(fixture.refused<'transcript.request'>(mail(chatId))).toEqual({
      rejected: 'too-many-transcripts',
      chatId,
    });
  });

  it('[OUT4] the outbox outlives the chat; an ended chat can be asked for until it is forgotten', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    fixture.end(chatId);
    fixture.do<'transcript.request'>(mail(chatId));
    fixture.pass(30 * 60);
    expect(fixture.where(chatId)).toBe('forgotten');
    expect(fixture.state.outbox.get('mail-1')?.chatId).toBe(chatId);
    expect(fixture.refused<'transcript.request'>(mail(chatId)).rejected).toBe('unknown-chat');
    settle(fixture, 'mail-1', { became: 'sent' });
    expect(fixture.state.outbox.size).toBe(0);
  });

  function settle(
    fixture: Fixture,
    mailId: string,
    outcome: CommandOf<'transcript.settle'>['outcome'],
  ) {
    fixture.do<'transcript.settle'>({ type: 'transcript.settle', mailId, outcome });
  }
});

describe('after a restart', () => {
  it('[SNAP1, SNAP2] variables, surveys, visits and the outbox are as they were', () => {
    const fixture = new Fixture();
    fixture.open(AMY);
    see(fixture, {
      facts: { screen: '800x600' },
      pages: [page('p1')],
      attributes: [attribute('lead')],
    });
    fixture.sleep(60);
    see(fixture, { sessionId: 'session-2', visitorId: 'visitor-1' });
    fixture.sleep(60);
    see(fixture);
    const { chatId } = fixture.do<'chat.request'>({
      ...fixture.asking({ visitor: { visitorId: 'visitor-2' } }),
      variables: [{ name: 'plan', value: 'gold' }],
      preChat: SATISFIED,
    });
    fixture.accept(AMY);
    fixture.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    fixture.do<'transcript.request'>(mail(chatId));

    const replayed = initialState();
    replay(replayed, JSON.parse(JSON.stringify(fixture.journal)));
    const recovered = restored(fixture.state);
    for (const state of [replayed, recovered]) {
      expect(takeSnapshot(state)).toEqual(takeSnapshot(fixture.state));
      expect([...state.visits.keys()]).toEqual(['session-2', 'session-1']);
      expect([...state.lastVisitOf]).toEqual([['visitor-1', 'session-1']]);
      const reader = { by: 'session', sessionId: fixture.session(AMY).id } as const;
      expect(access(state, fixture.config, reader, chatId)?.chat.variables).toHaveLength(1);
      expect(state.deadlines.takeDue(Infinity)).toEqual(['visits:']);
    }
  });

  it('[SNAP7] a snapshot of before there was any of it is read', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    const { visits: _, outbox: __, chats, ...before } = takeSnapshot(fixture.state);
    const old = chats.map(({ variables, surveys, transcripts, ...chat }) => chat);
    const reader = readSnapshot(1);
    reader.add(JSON.stringify({ ...before, chats: old }));
    const recovered = reader.finish(fixture.state.seq);
    expect(takeSnapshot(recovered)).toEqual(takeSnapshot(fixture.state));
    expect(recovered.chats.get(chatId)).toEqual(fixture.chat(chatId));
  });

  it('[ROSTER1] none of it touches the roster: who asks for availability need not wait for it', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    const { rosterSeq } = fixture.state;
    see(fixture);
    fixture.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    fixture.do<'transcript.request'>(mail(chatId));
    expect(fixture.state.rosterSeq).toBe(rosterSeq);
    expect(fixture.state.seq).toBe(rosterSeq + 3);
  });
});
