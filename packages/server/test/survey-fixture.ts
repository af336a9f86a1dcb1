/** Surveys for tests: from as little as a test cares about, and what came of them. */
import { creation } from '@parley/configuration/records/record-changes';
import type { NewRecord } from '@parley/configuration/records/records';
import type { Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT, type Reply, type TestServer } from './harness.js';

type Survey = NewRecord<'survey'>;
type Question = Survey['questions'][number];

export function question(id: number, facts: Partial<Question> = {}): Question {
  return {
    id,
    order: id,
    logicId: id,
    mandatory: false,
    type: 'Text Field',
    validationType: 'alpha_numeric',
    label: `Question ${id}`,
    entries: [],
    ...facts,
  };
}

export function entry(value: string, ...showLogicId: number[]): Question['entries'][number] {
  return { value, displayValue: value.toUpperCase(), checked: false, showLogicId };
}

export function survey(kind: Survey['kind'], facts: Partial<Survey> = {}): Survey {
  return {
    kind,
    name: `${kind} survey`,
    title: 'Title',
    header: 'Header',
    skillId: null,
    enabled: true,
    questions: [question(1)],
    ...facts,
  };
}

/** Adds a survey to the account; gives its id. */
export function addSurvey(fixture: Fixture, record: Survey): Promise<number> {
  return fixture.add('survey', { changedAt: 0, ...record });
}

/** Adds a survey to the demo account of a server. */
export async function addSurveyAt(server: TestServer, record: Survey): Promise<void> {
  const { store, accounts } = server.running.server;
  const changes = [creation('survey', { changedAt: 0, ...record })];
  await store.config.write(DEMO_ACCOUNT, { changes });
  await accounts.refresh(DEMO_ACCOUNT);
}

/** Removes all surveys of the account. */
export async function forgetSurveys(fixture: Fixture): Promise<void> {
  const { store, accounts } = fixture.server.running.server;
  const { items } = await store.config.list(DEMO_ACCOUNT, 'survey');
  const changes = items.map(({ id }) => ({ op: 'delete', kind: 'survey', id }) as const);
  if (changes.length > 0) await store.config.write(DEMO_ACCOUNT, { changes });
  await accounts.refresh(DEMO_ACCOUNT);
}

/** The body that answers a survey: answers by question id. */
export function answers(given: Readonly<Record<number, unknown>>, id?: number) {
  const question = Object.entries(given).map(([questionId, answer]) => ({
    id: questionId,
    answer,
  }));
  return { survey: { ...(id === undefined ? {} : { id }), question } };
}

/** Status and message of a refusal. */
export function message(reply: Reply): unknown[] {
  return [reply.status, at(reply.body, 'error.message')];
}

/** The message of a chat request with these answers; `started` when it is taken. */
export async function startWith(
  fixture: Fixture,
  given: Readonly<Record<number, unknown>>,
): Promise<unknown> {
  const reply = await fixture.visit('POST', '/chat/request', { body: { request: answers(given) } });
  return reply.status === 201 ? 'started' : at(reply.body, 'error.message');
}
