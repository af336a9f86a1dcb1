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
import { AMY, BEN } from './account.js';
import { restored } from './restored.js';
import { attribute, page, see } from './visit-reports.js';
import { START, VISITOR, World } from './world.js';

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
    const world = new World();
    const asking = world.asking();
    const variables = [
      { name: 'plan', value: 'gold' },
      { name: 'plan', value: 'silver' },
      { name: 'seats', value: '3' },
    ];
    const { chatId } = world.do<'chat.request'>({ ...asking, variables });
    expect(world.chat(chatId).variables).toEqual([
      { name: 'plan', value: 'silver', at: START },
      { name: 'seats', value: '3', at: START },
    ]);
    world.sleep(5);
    const news = [{ name: 'plan', value: 'gold' }];
    world.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables: news });
    expect(world.chat(chatId).variables).toEqual([
      { name: 'seats', value: '3', at: START },
      { name: 'plan', value: 'gold', at: START + 5000 },
    ]);
  });

  it('[VARS2] with the values that they have already change nothing', () => {
    const world = new World();
    const chatId = world.request();
    const variables = [{ name: 'plan', value: 'gold' }];
    world.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
    const before = world.journal.length;
    world.sleep(5);
    world.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
    expect(world.journal.length).toBe(before);
  });

  it('[VARS3] are a hundred at most; the oldest go', () => {
    const world = new World();
    const chatId = world.request();
    const variables = Array.from({ length: 120 }, (_, n) => ({ name: `v${n}`, value: '' }));
    world.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
    const kept = world.chat(chatId).variables ?? [];
    expect([kept.length, kept[0]?.name, kept.at(-1)?.name]).toEqual([100, 'v20', 'v119']);
  });

  it('[VARS4] are taken neither by an ended chat nor by one that is not there', () => {
    const world = new World();
    const chatId = world.request();
    world.end(chatId);
    const variables = [{ name: 'plan', value: 'gold' }];
    for (const [id, rejected] of [
      [chatId, 'chat-ended'],
      ['c99', 'unknown-chat'],
    ] as const) {
      const command = { type: 'chat.setVariables', chatId: id, variables } as const;
      expect(world.refused<'chat.setVariables'>(command)).toEqual({ rejected, chatId: id });
    }
  });
});

describe('surveys', () => {
  it('[FILL1] what was answered before the chat is kept with it', () => {
    const world = new World();
    const { chatId } = world.do<'chat.request'>({ ...world.asking(), preChat: SATISFIED });
    expect(world.chat(chatId).surveys).toEqual({
      preChat: { ...SATISFIED, at: START },
      exit: null,
      agent: null,
    });
    expect(world.chat(world.request()).surveys).toBeNull();
  });

  it('[FILL2] the exit survey is the visitor’s, in the chat and after it while it is readable', () => {
    const world = new World();
    world.open(AMY);
    const chatId = world.chatWith(AMY);
    world.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    world.end(chatId);
    world.pass(29 * 60);
    world.do<'chat.answerSurvey'>(answer(chatId, VISITOR, UNSATISFIED));
    const at = START + 29 * 60_000;
    expect(world.chat(chatId).surveys?.exit).toEqual({ ...UNSATISFIED, at });
    world.pass(60);
    expect(world.refused<'chat.answerSurvey'>(answer(chatId, VISITOR))).toEqual({
      rejected: 'unknown-chat',
      chatId,
    });
  });

  it('[FILL3] the agent survey is for who chats, or chatted last; nobody else finds the chat', () => {
    const world = new World();
    world.open(AMY, BEN);
    const chatId = world.chatWith(AMY);
    const stranger = answer(chatId, world.as(BEN));
    expect(world.refused<'chat.answerSurvey'>(stranger)).toEqual({
      rejected: 'unknown-chat',
      chatId,
    });
    world.do<'chat.answerSurvey'>(answer(chatId, world.as(AMY)));
    world.end(chatId);
    world.do<'chat.answerSurvey'>(answer(chatId, world.as(AMY), UNSATISFIED));
    expect(world.refused<'chat.answerSurvey'>(stranger).rejected).toBe('unknown-chat');
    expect(world.chat(chatId).surveys).toEqual({
      preChat: null,
      exit: null,
      agent: { ...UNSATISFIED, at: START },
    });
    const told = world.journal.flatMap(({ event }) =>
      event.type === 'chat.surveyAnswered' ? [[event.kind, event.byUserId]] : [],
    );
    expect(told).toEqual([
      ['agent', AMY],
      ['agent', AMY],
    ]);
  });

  it('[FILL4] the same answers again change nothing', () => {
    const world = new World();
    const chatId = world.request();
    world.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    const before = world.journal.length;
    world.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    expect(world.journal.length).toBe(before);
  });

  it('[FILL5] an offline survey is kept in the journal, and changes nothing live', () => {
    const world = new World();
    const { seq: _, rosterSeq, ...before } = takeState(world);
    const visitor = { visitorId: null, ip: '192.0.2.1', userAgent: null, language: null };
    world.do<'offline.leaveSurvey'>({
      type: 'offline.leaveSurvey',
      skillId: null,
      visitor,
      survey: SATISFIED,
    });
    expect(world.journal.at(-1)?.event).toEqual({
      type: 'offline.surveyLeft',
      skillId: null,
      visitor,
      survey: SATISFIED,
    });
    const { seq, ...after } = takeState(world);
    expect([seq, after]).toEqual([1, { ...before, rosterSeq }]);
  });
});

function takeState(world: World) {
  return JSON.parse(JSON.stringify({ ...world.state, deadlines: null }));
}

describe('transcripts', () => {
  it('[OUT1] one asked for stays in the outbox until it is sent or given up', () => {
    const world = new World();
    const chatId = world.request();
    world.do<'transcript.request'>(mail(chatId));
    world.do<'transcript.request'>({ ...mail(chatId), subject: 'Our chat' });
    expect([...world.state.outbox.values()]).toEqual([
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
    settle(world, 'mail-1', { became: 'sent' });
    settle(world, 'mail-2', { became: 'failed', reason: 'no such mailbox' });
    expect(world.state.outbox.size).toBe(0);
    expect(world.journal.slice(-2).map(({ event }) => event)).toEqual([
      { type: 'transcript.sent', mailId: 'mail-1', chatId },
      { type: 'transcript.failed', mailId: 'mail-2', chatId, reason: 'no such mailbox' },
    ]);
  });

  it('[OUT2] settling one that is not in the outbox changes nothing', () => {
    const world = new World();
    world.do<'transcript.request'>(mail(world.request()));
    settle(world, 'mail-1', { became: 'sent' });
    const before = world.journal.length;
    settle(world, 'mail-1', { became: 'failed', reason: 'late' });
    settle(world, 'mail-9', { became: 'sent' });
    expect(world.journal.length).toBe(before);
  });

  it('[OUT3] five can be asked for in a chat, no more', () => {
    const world = new World();
    const chatId = world.request();
    for (let n = 0; n < MAX_TRANSCRIPTS; n += 1) {
      world.do<'transcript.request'>(mail(chatId));
      settle(world, `mail-${n}`, { became: 'sent' });
    }
    expect(world.refused<'transcript.request'>(mail(chatId))).toEqual({
      rejected: 'too-many-transcripts',
      chatId,
    });
  });

  it('[OUT4] the outbox outlives the chat; an ended chat can be asked for until it is forgotten', () => {
    const world = new World();
    const chatId = world.request();
    world.end(chatId);
    world.do<'transcript.request'>(mail(chatId));
    world.pass(30 * 60);
    expect(world.where(chatId)).toBe('forgotten');
    expect(world.state.outbox.get('mail-1')?.chatId).toBe(chatId);
    expect(world.refused<'transcript.request'>(mail(chatId)).rejected).toBe('unknown-chat');
    settle(world, 'mail-1', { became: 'sent' });
    expect(world.state.outbox.size).toBe(0);
  });

  function settle(
    world: World,
    mailId: string,
    outcome: CommandOf<'transcript.settle'>['outcome'],
  ) {
    world.do<'transcript.settle'>({ type: 'transcript.settle', mailId, outcome });
  }
});

describe('after a restart', () => {
  it('[SNAP1, SNAP2] variables, surveys, visits and the outbox are as they were', () => {
    const world = new World();
    world.open(AMY);
    see(world, {
      facts: { screen: '800x600' },
      pages: [page('p1')],
      attributes: [attribute('lead')],
    });
    world.sleep(60);
    see(world, { sessionId: 'session-2', visitorId: 'visitor-1' });
    world.sleep(60);
    see(world);
    const { chatId } = world.do<'chat.request'>({
      ...world.asking({ visitor: { visitorId: 'visitor-2' } }),
      variables: [{ name: 'plan', value: 'gold' }],
      preChat: SATISFIED,
    });
    world.accept(AMY);
    world.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    world.do<'transcript.request'>(mail(chatId));

    const replayed = initialState();
    replay(replayed, JSON.parse(JSON.stringify(world.journal)));
    const recovered = restored(world.state);
    for (const state of [replayed, recovered]) {
      expect(takeSnapshot(state)).toEqual(takeSnapshot(world.state));
      expect([...state.visits.keys()]).toEqual(['session-2', 'session-1']);
      expect([...state.lastVisitOf]).toEqual([['visitor-1', 'session-1']]);
      const reader = { by: 'session', sessionId: world.session(AMY).id } as const;
      expect(access(state, reader, chatId)?.chat.variables).toHaveLength(1);
      expect(state.deadlines.takeDue(Infinity)).toEqual(['visits:']);
    }
  });

  it('[SNAP7] a snapshot of before there was any of it is read', () => {
    const world = new World();
    const chatId = world.request();
    const { visits: _, outbox: __, chats, ...before } = takeSnapshot(world.state);
    const old = chats.map(({ variables, surveys, transcripts, ...chat }) => chat);
    const reader = readSnapshot(1);
    reader.add(JSON.stringify({ ...before, chats: old }));
    const recovered = reader.finish(world.state.seq);
    expect(takeSnapshot(recovered)).toEqual(takeSnapshot(world.state));
    expect(recovered.chats.get(chatId)).toEqual(world.chat(chatId));
  });

  it('[ROSTER1] none of it touches the roster: who asks for availability need not wait for it', () => {
    const world = new World();
    const chatId = world.request();
    const { rosterSeq } = world.state;
    see(world);
    world.do<'chat.answerSurvey'>(answer(chatId, VISITOR));
    world.do<'transcript.request'>(mail(chatId));
    expect(world.state.rosterSeq).toBe(rosterSeq);
    expect(world.state.seq).toBe(rosterSeq + 3);
  });
});
