/** The table of what events mean beside the state: its column of personal data holds all there is. */
import { describe, expect, it } from 'vitest';
import { type AccountEventType, EVENT_MEANING, EVENT_TYPES } from '@parley/engine';
import { AMY, BEN } from './account.js';
import { attribute, page, see } from './visit-reports.js';
import { VISITOR, World } from './world.js';

/** In all that visitors bring. */
const CANARY = 'canary-of-a-visitor';

/** A story in which a visitor leaves traces wherever one can. */
function traces(): World {
  const world = new World();
  const survey = {
    surveyId: 1,
    title: 'How was it?',
    answers: [{ questionId: 1, label: 'Anything else?', values: [CANARY] }],
  };
  const facts = { ip: CANARY, userAgent: CANARY };
  const visit = { sessionId: `${CANARY}-s`, visitorId: CANARY };
  const pages = [page('home', { url: CANARY })];
  see(world, { ...visit, facts, pages, attributes: [attribute(CANARY)], pageId: CANARY });
  world.do<'offline.leaveSurvey'>({
    type: 'offline.leaveSurvey',
    skillId: null,
    visitor: { visitorId: CANARY, ip: CANARY, userAgent: CANARY, language: null },
    survey,
  });
  const who = world.do<'participant.identify'>({
    type: 'participant.identify',
    participantId: CANARY,
    connectorId: 1,
    visitorId: CANARY,
    tokenHash: 'a hash',
    tokenUntil: world.now + 1_000,
    profile: { name: CANARY },
  });
  world.open(AMY, BEN);
  const { chatId } = world.do<'chat.request'>({
    ...world.asking({ visitor: { name: CANARY, visitorId: CANARY }, preChatLines: [CANARY] }),
    variables: [{ name: 'plan', value: CANARY }],
    preChat: survey,
    participant: who,
  });
  world.accept(AMY);
  world.line(chatId, VISITOR, CANARY);
  world.line(chatId, world.as(AMY), `Dear ${CANARY}`);
  world.do<'chat.setVisitorName'>({ type: 'chat.setVisitorName', chatId, name: `2 ${CANARY}` });
  const variables = [{ name: 'plan', value: `2 ${CANARY}` }];
  world.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
  world.transfer(chatId, AMY, { userId: BEN }, `It is ${CANARY}`);
  world.accept(BEN);
  const mail = { type: 'transcript.request', chatId, email: CANARY, subject: CANARY } as const;
  for (const outcome of [{ became: 'failed', reason: CANARY }, { became: 'sent' }] as const) {
    world.do<'transcript.request'>(mail);
    const [mailId = ''] = world.state.outbox.keys();
    world.do<'transcript.settle'>({ type: 'transcript.settle', mailId, outcome });
  }
  world.end(chatId);
  world.do<'chat.answerSurvey'>({ type: 'chat.answerSurvey', chatId, from: VISITOR, survey });
  world.pass(24 * 3_600);
  return world;
}

describe('what events mean', () => {
  it('is told of every type that a journal can hold', () => {
    expect(Object.keys(EVENT_MEANING).sort()).toEqual([...EVENT_TYPES].sort());
  });

  it('nothing that a visitor brought stands in a field that is not called personal', () => {
    const found = new Set<string>();
    for (const { event } of traces().journal) {
      const personal: readonly string[] = EVENT_MEANING[event.type].personalData;
      for (const [field, value] of Object.entries(event)) {
        if (!JSON.stringify(value).includes(CANARY)) continue;
        expect(personal, `personal data of ${event.type}`).toContain(field);
        found.add(event.type);
      }
    }
    const brought: AccountEventType[] = [
      'chat.line',
      'chat.requested',
      'chat.surveyAnswered',
      'chat.transferred',
      'chat.variables',
      'chat.visitorNamed',
      'offline.surveyLeft',
      'participant.identified',
      'transcript.failed',
      'transcript.requested',
      'visit.seen',
      'visits.forgotten',
    ];
    expect([...found].sort()).toEqual(brought);
  });
});
