/** The table of what events mean beside the state: its column of personal data holds all there is. */
import { describe, expect, it } from 'vitest';
import { type AccountEventType, EVENT_MEANING, EVENT_TYPES } from '@parley/engine';
import { AMY, BEN } from './account.js';
import { attribute, page, see } from './visit-reports.js';
import { VISITOR, Fixture } from './fixture.js';

/** In all that visitors bring. */
const CANARY = 'canary-of-a-visitor';

/** A story in which a visitor leaves traces wherever one can. */
function traces(): Fixture {
  const fixture = new Fixture();
  const survey = {
    surveyId: 1,
    title: 'How was it?',
    answers: [{ questionId: 1, label: 'Anything else?', values: [CANARY] }],
  };
  const facts = { ip: CANARY, userAgent: CANARY };
  const visit = { sessionId: `${CANARY}-s`, visitorId: CANARY };
  const pages = [page('home', { url: CANARY })];
  see(fixture, { ...visit, facts, pages, attributes: [attribute(CANARY)], pageId: CANARY });
  fixture.do<'offline.leaveSurvey'>({
    type: 'offline.leaveSurvey',
    skillId: null,
    visitor: { visitorId: CANARY, ip: CANARY, userAgent: CANARY, language: null },
    survey,
  });
  const who = fixture.do<'participant.identify'>({
    type: 'participant.identify',
    participantId: CANARY,
    connectorId: 1,
    visitorId: CANARY,
    tokenHash: 'a hash',
    tokenUntil: fixture.now + 1_000,
    profile: { name: CANARY },
  });
  fixture.open(AMY, BEN);
  const { chatId } = fixture.do<'chat.request'>({
    ...fixture.asking({ visitor: { name: CANARY, visitorId: CANARY }, preChatLines: [CANARY] }),
    variables: [{ name: 'plan', value: CANARY }],
    preChat: survey,
    participant: who,
  });
  fixture.accept(AMY);
  fixture.line(chatId, VISITOR, CANARY);
  fixture.line(chatId, fixture.as(AMY), `Dear ${CANARY}`);
  fixture.do<'chat.setVisitorName'>({ type: 'chat.setVisitorName', chatId, name: `2 ${CANARY}` });
  const variables = [{ name: 'plan', value: `2 ${CANARY}` }];
  fixture.do<'chat.setVariables'>({ type: 'chat.setVariables', chatId, variables });
  fixture.transfer(chatId, AMY, { userId: BEN }, `It is ${CANARY}`);
  fixture.accept(BEN);
  const mail = { type: 'transcript.request', chatId, email: CANARY, subject: CANARY } as const;
  for (const outcome of [{ became: 'failed', reason: CANARY }, { became: 'sent' }] as const) {
    fixture.do<'transcript.request'>(mail);
    const [mailId = ''] = fixture.state.outbox.keys();
    fixture.do<'transcript.settle'>({ type: 'transcript.settle', mailId, outcome });
  }
  fixture.end(chatId);
  fixture.do<'chat.answerSurvey'>({ type: 'chat.answerSurvey', chatId, from: VISITOR, survey });
  fixture.pass(24 * 3_600);
  return fixture;
}

describe('what events mean', () => {
  it('knows every type that a journal can hold', () => {
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
