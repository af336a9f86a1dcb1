/** Surveys over HTTP: who answers them, until when, and who sees the answers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentChat, SALES, Fixture } from './chat-fixture.js';
import { at, DEMO_ACCOUNT, linkAt } from './harness.js';
import {
  addSurvey,
  answers,
  entry,
  forgetSurveys,
  message,
  question,
  survey,
} from './survey-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(async () => {
  await fixture.clear();
  await forgetSurveys(fixture);
});
afterAll(() => fixture.stop());

/** The visit of a chat, as its agent finds it. */
async function visitOf(chat: AgentChat): Promise<string> {
  return linkAt((await chat.get()).body, 'chat.link', 'visit-id');
}

/** The chat as a listener has it. */
async function besides(chat: AgentChat): Promise<AgentChat> {
  const listener = await fixture.agent('bot1');
  await chat.post('/collaborationChannels', { channel: { agentId: 103, role: 'listener' } });
  return listener.accept();
}

describe('who sees and answers', () => {
  it('[SURV11] those in the chat see what was answered before it; nobody else does', async () => {
    const questions = [question(1), question(2, { type: 'Checkbox', entries: [entry('a')] })];
    const id = await addSurvey(fixture, survey('preChat', { questions }));
    const { agent, chat, visitor } = await fixture.chat(answers({ 1: 'broken', 2: ['a'] }));
    const other = await fixture.agent('agent2');
    const visit = await visitOf(chat);
    const path = visit.replace(agent.uri, '');
    const reply = await agent.get(`${path}/surveys`);
    expect(reply.text).toBe(
      `{"surveys":{"link":{"@href":"${agent.uri}${path}/surveys","@rel":"self"},` +
        `"survey":{"id":${id},"title":"Title","header":"Header","questions":{"question":[` +
        '{"id":1,"order":1,"logicId":1,"mandatory":false,"type":"Text Field","validationType":"alpha_numeric",' +
        '"label":"Question 1","lastKnownValue":"broken","entry":[],"answer":"broken"},' +
        '{"id":2,"order":2,"logicId":2,"mandatory":false,"type":"Checkbox","validationType":"alpha_numeric",' +
        '"label":"Question 2","entry":[{"value":"a","displayValue":"A","checked":true}],"answer":"a"}]}}}}',
    );
    expect((await other.get(`${path}/surveys`)).status).toBe(404);
    const beside = (await besides(chat)).agent;
    expect((await beside.get(`${path}/surveys`)).text).toBe(
      reply.text.replaceAll(agent.uri, beside.uri),
    );
    const byVisitor = await fixture.visit('GET', `${agent.uri}${path}/surveys`);
    expect(byVisitor.status).toBe(401);
    for (const text of [(await visitor.get()).text, (await visitor.get('/info')).text]) {
      expect(text).not.toContain('broken');
    }
  });

  it('[SURV12] a survey changed since is shown as it was answered', async () => {
    await addSurvey(fixture, survey('preChat', { questions: [question(1, { label: 'Then' })] }));
    const { agent, chat } = await fixture.chat(answers({ 1: 'said' }));
    await forgetSurveys(fixture);
    const reply = await agent.get(`${await visitOf(chat)}/surveys`);
    expect(at(reply.body, 'surveys.survey.questions.question.0')).toMatchObject({
      label: 'Then',
      answer: 'said',
    });
  });

  it('[SURV13] the exit survey can be answered in the chat and for 30 minutes after it', async () => {
    await addSurvey(fixture, survey('exit', { questions: [question(1, { mandatory: true })] }));
    const { visitor } = await fixture.chat();
    expect((await visitor.put('/exitSurvey', answers({}))).status).toBe(400);
    expect((await visitor.put('/exitSurvey', answers({ 1: 'good' }))).status).toBe(200);
    await visitor.end();
    fixture.clock.advance(29 * 60_000);
    const again = await visitor.get('/exitSurvey');
    expect(at(again.body, 'survey.questions.question.0.lastKnownValue')).toBe('good');
    expect((await visitor.put('/exitSurvey', answers({ 1: 'bad' }))).status).toBe(200);
    fixture.clock.advance(60_000);
    expect((await visitor.get('/exitSurvey')).status).toBe(404);
    expect((await visitor.put('/exitSurvey', answers({ 1: 'x' }))).status).toBe(404);
  });

  it('[SURV14] the agent survey is answered by the chatting and the last agent, and read by those beside them', async () => {
    await addSurvey(fixture, survey('agent', { questions: [question(1)] }));
    const { agent, chat, visitor } = await fixture.chat();
    const other = await fixture.agent('agent2');
    const theirs = `${other.uri}/chat/${chat.id}/survey`;
    const beside = await besides(chat);
    const tries = async () => [
      (await chat.put('/survey', answers({ 1: 'solved' }))).status,
      (await beside.get('/survey')).status,
      (await beside.put('/survey', answers({ 1: 'mine' }))).status,
      (await other.get(theirs)).status,
      (await other.put(theirs, answers({ 1: 'mine' }))).status,
      (await visitor.get('/survey')).status,
    ];
    expect(await tries()).toEqual([200, 200, 403, 404, 404, 404]);
    await chat.end();
    expect(await tries()).toEqual([200, 200, 403, 404, 404, 404]);
    const { body } = await agent.chat(chat.uri).get('/survey');
    expect(at(body, 'survey.questions.question.0.answer')).toBe('solved');
  });

  it('[SURV15] the offline survey is stored by PUT and POST, with who left it', async () => {
    const questions = [question(1, { mandatory: true, label: 'Message' })];
    const id = await addSurvey(fixture, survey('offline', { questions, skillId: SALES }));
    const none = await fixture.visit('PUT', '/chat/offlineSurvey', {
      body: answers({ 1: 'hello' }),
    });
    expect(none.status).toBe(404);
    for (const method of ['PUT', 'POST']) {
      const body = answers({ 1: `hello by ${method}` });
      const reply = await fixture.visit(method, '/chat/offlineSurvey?skill=Sales', { body });
      expect([reply.status, at(reply.body, 'survey.id')]).toEqual([200, id]);
    }
    const byId = await fixture.visit('POST', '/chat/offlineSurvey?visitorId=4711', {
      body: answers({ 1: 'by id' }, id),
      headers: { 'user-agent': 'Test/1.0' },
    });
    expect(byId.status).toBe(200);
    const refused = await fixture.visit('POST', '/chat/offlineSurvey?skill=Sales', {
      body: answers({}),
    });
    expect(message(refused)).toEqual([400, 'question 1 "Message" must be answered.']);
    const left = await journalled('offline.surveyLeft');
    expect(left).toHaveLength(3);
    expect(left[2]).toMatchObject({
      skillId: SALES,
      visitor: { visitorId: '4711', ip: '127.0.0.1', userAgent: 'Test/1.0' },
      survey: { surveyId: id, answers: [{ questionId: 1, label: 'Message', values: ['by id'] }] },
    });
  });

  it('[SURV17] skill and visitor are read from the body, as the original’s pages send them', async () => {
    const general = await addSurvey(fixture, survey('offline'));
    const id = await addSurvey(fixture, survey('offline', { name: 'Sales', skillId: SALES }));
    const about = {
      visitorId: 4711,
      visitorIp: '192.0.2.1',
      chatRefferer: 'https://shop.example.com/',
      userAgent: 'Page/1.0',
      LETagVisitorId: 'tv',
      LETagSessionId: 'ts',
      LETagContextId: 5,
    };
    const { question } = answers({ 1: 'hello' }).survey;
    const leave = async (body: unknown, query = '') => {
      const reply = await fixture.visit('PUT', `/chat/offlineSurvey${query}`, { body });
      return [reply.status, at(reply.body, 'survey.id')];
    };
    const ofSales = { skill: 'Sales', ...about };
    expect(await leave({ survey: { question, ...ofSales } })).toEqual([200, id]);
    expect(await leave({ survey: { question }, ...ofSales })).toEqual([200, id]);
    const query = new URLSearchParams(
      Object.entries(ofSales).map(([k, v]): [string, string] => [k, String(v)]),
    );
    expect(await leave({ survey: { question } }, `?${query}`)).toEqual([200, id]);
    expect(await leave({ survey: { question, skillId: SALES, skill: '' } })).toEqual([200, id]);
    expect(await leave({ survey: { question, skill: '', visitorId: '' } })).toEqual([200, general]);
    const left = (await journalled('offline.surveyLeft')).slice(-5);
    for (const event of left.slice(0, 3)) {
      expect(event).toMatchObject({
        skillId: SALES,
        visitor: {
          visitorId: '4711',
          // The key is not a trusted one.
          ip: '127.0.0.1',
          userAgent: 'Page/1.0',
          referrer: 'https://shop.example.com/',
          sharkVisitorId: 'tv',
          sharkSessionId: 'ts',
          sharkContextId: '5',
        },
      });
    }
    expect(left[4]).toMatchObject({ skillId: null, visitor: { visitorId: null, referrer: null } });
  });

  it('[SURV17] the body counts before the query; an unknown skill in it is 400 and named', async () => {
    await addSurvey(fixture, survey('offline'));
    const { question } = answers({ 1: 'hello' }).survey;
    const path = '/chat/offlineSurvey?visitorId=query';
    await fixture.visit('PUT', path, { body: { survey: { question, visitorId: 'body' } } });
    const left = await journalled('offline.surveyLeft');
    expect(left.at(-1)).toMatchObject({ visitor: { visitorId: 'body' } });
    const body = { survey: { question, skill: 'Repairs' } };
    const reply = await fixture.visit('PUT', '/chat/offlineSurvey', { body });
    expect(message(reply)).toEqual([400, expect.stringContaining('There is no skill "Repairs"')]);
  });

  it.each(['preSurvey', 'offlineSurvey'])(
    '[SURV18] surveyApiId asks for one by its id: %s',
    async (path) => {
      const kind = path === 'preSurvey' ? 'preChat' : 'offline';
      await addSurvey(fixture, survey(kind));
      const id = await addSurvey(fixture, survey(kind, { name: 'Another', skillId: SALES }));
      const asked = await fixture.visit('GET', `/chat/${path}?surveyApiId=${id}`);
      expect([asked.status, at(asked.body, 'survey.id')]).toEqual([200, id]);
      const named = await fixture.visit('GET', `/chat/${path}?surveyApiId=1&surveyName=Another`);
      expect(at(named.body, 'survey.id')).toBe(id);
      const none = await fixture.visit('GET', `/chat/${path}?surveyApiId=abc`);
      expect(message(none)).toEqual([404, expect.stringContaining('with the id "abc"')]);
    },
  );

  it('[SURV16] a restart keeps the answers', async () => {
    await addSurvey(fixture, survey('preChat'));
    await addSurvey(fixture, survey('exit'));
    const fresh = await Fixture.start();
    try {
      const id = await addSurvey(fresh, survey('preChat'));
      const { chat } = await fresh.chat(answers({ 1: 'kept' }, id));
      const server = await fresh.server.restart();
      const state = server.running.server.accounts.loaded(DEMO_ACCOUNT)?.host.state;
      expect(state?.chats.get(chat.id)?.surveys?.preChat).toMatchObject({
        surveyId: id,
        answers: [{ values: ['kept'] }],
      });
      await server.stop();
    } finally {
      await fresh.stop();
    }
  });
});

async function journalled(type: string): Promise<unknown[]> {
  const { store } = fixture.server.running.server;
  const journal = await store.journal.load(DEMO_ACCOUNT);
  const found: unknown[] = [];
  for await (const { entries } of journal.entriesAfter(null)) {
    for (const event of entries) if (event.type === type) found.push(JSON.parse(event.data));
  }
  return found;
}
