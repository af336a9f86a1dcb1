/** Surveys over HTTP: which applies, and how answers are checked. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SALES, SUPPORT, Fixture } from './chat-fixture.js';
import { at, linkAt } from './harness.js';
import {
  addSurvey,
  answers,
  entry,
  forgetSurveys,
  message,
  question,
  startWith,
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

const start = (given: Readonly<Record<number, unknown>>) => startWith(fixture, given);

describe('which survey', () => {
  it('[SURV1] the survey of the skill, else the one for all; by name, whatever the skill', async () => {
    const all = await addSurvey(fixture, survey('preChat', { name: 'All' }));
    const sales = await addSurvey(fixture, survey('preChat', { name: 'Sales', skillId: SALES }));
    const off = survey('preChat', { name: 'Off', skillId: SUPPORT, enabled: false });
    await addSurvey(fixture, off);
    const asked = async (query: string) => {
      const reply = await fixture.visit('GET', `/chat/preSurvey${query}`);
      return at(reply.body, 'survey.id') ?? reply.status;
    };
    expect(await asked('')).toBe(all);
    expect(await asked('?skill=Sales')).toBe(sales);
    expect(await asked('?skillId=11')).toBe(sales);
    expect(await asked('?serviceQueue=Sales')).toBe(sales);
    expect(await asked('?skill=Support')).toBe(all);
    expect(await asked('?skill=Support&surveyName=SALES')).toBe(sales);
    expect(await asked('?surveyName=Off')).toBe(404);
    expect(await asked('?skill=Nothing')).toBe(400);
  });

  it('[SURV2] without a survey 404, saying which was asked for', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    expect(agent.uri).toContain('/agentSession/');
    const replies = [
      await fixture.visit('GET', '/chat/preSurvey'),
      await fixture.visit('GET', '/chat/preSurvey?surveyName=Nope'),
      await fixture.visit('GET', '/chat/offlineSurvey'),
      await fixture.visit('PUT', '/chat/offlineSurvey', { body: answers({}) }),
      await visitor.get('/exitSurvey'),
      await visitor.put('/exitSurvey', answers({})),
      await chat.get('/survey'),
    ];
    expect(
      replies.map((reply) => [...message(reply), at(reply.body, 'error.internalCode')]),
    ).toEqual([
      [404, 'There is no pre-chat survey for this.', 1304],
      [404, 'There is no pre-chat survey named "Nope" for this.', 1304],
      [404, 'There is no offline survey for this.', 1304],
      [404, 'There is no offline survey for this.', 1304],
      [404, 'There is no exit survey for this.', 1304],
      [404, 'There is no exit survey for this.', 1304],
      [404, 'There is no agent survey for this.', 1304],
    ]);
  });

  it('[SURV3] a survey is written as the contract shows it, in the order of its questions', async () => {
    const pets = question(7, {
      order: 1,
      type: 'Dropdown Box',
      mandatory: true,
      entries: [entry('cats', 8), entry('dogs')],
    });
    const questions = [question(8, { order: 2 }), pets];
    const id = await addSurvey(fixture, survey('preChat', { questions }));
    const reply = await fixture.visit('GET', '/chat/preSurvey');
    expect(reply.text).toBe(
      `{"survey":{"id":${id},"title":"Title","header":"Header","questions":{"question":[` +
        '{"id":7,"order":1,"logicId":7,"mandatory":true,"type":"Dropdown Box","validationType":"alpha_numeric",' +
        '"label":"Question 7","entry":[{"value":"cats","displayValue":"CATS","checked":false,"logic":{"showLogicId":8}},' +
        '{"value":"dogs","displayValue":"DOGS","checked":false}]},' +
        '{"id":8,"order":2,"logicId":8,"mandatory":false,"type":"Text Field","validationType":"alpha_numeric",' +
        '"label":"Question 8","entry":[]}]}}}',
    );
    const xml = await fixture.visit('GET', '/chat/preSurvey.xml');
    expect(xml.text).toContain('<logic><showLogicId>8</showLogicId></logic>');
    const hal = { headers: { accept: 'application/hal+json' } };
    const { body } = await fixture.visit('GET', '/chat/preSurvey', hal);
    expect(at(body, 'questions.1.id')).toBe(8);
  });
});

describe('answers', () => {
  it('[SURV4] a mandatory question must be answered; blanks are no answer', async () => {
    const questions = [question(1, { mandatory: true, label: 'Your name' }), question(2)];
    await addSurvey(fixture, survey('preChat', { questions }));
    const refused = 'question 1 "Your name" must be answered.';
    expect(await start({ 2: 'x' })).toBe(refused);
    expect(await start({ 1: '  ' })).toBe(refused);
    expect(await start({ 1: [] })).toBe(refused);
    expect(await start({ 1: 'Vera' })).toBe('started');
    const bare = await fixture.visit('POST', '/chat/request', { body: { request: {} } });
    expect(message(bare)).toEqual([400, refused]);
    expect(at(bare.body, 'error.internalCode')).toBe(1008);
  });

  it.each([
    ['numeric', ['12', '-3.5', ' 1,5 ', 7], ['twelve', '1e3', '1.2.3'], 'a number'],
    ['email', ['a@b.example', ' a@b.example '], ['a@', 'a b@c.de'], 'a mail address such as'],
    ['phone', ['+49 30 1234567', '(030) 12345'], ['12', 'call me', '+--------'], 'a phone number'],
    ['alpha_numeric', ['Zürich 3!', '<b>'], [], 'a text'],
  ] as const)('[SURV5] %s is checked', async (validationType, good, bad, words) => {
    const questions = [question(1, { validationType })];
    await addSurvey(fixture, survey('preChat', { questions }));
    for (const value of good)
      expect([value, await start({ 1: value })]).toEqual([value, 'started']);
    for (const value of bad) {
      expect(await start({ 1: value })).toMatch(`question 1 "Question 1" must be ${words}`);
      expect(await start({ 1: value })).toMatch(`, got "${value}".`);
    }
  });

  it('[SURV6] a choice takes known entries only; check boxes several, everything else one', async () => {
    const entries = [entry('a'), entry('b')];
    const questions = [
      question(1, { type: 'Checkbox', entries }),
      question(2, { type: 'Radio Button', entries }),
      question(3, { type: 'Radio Button (side by side)', entries }),
      question(4, { type: 'Dropdown Box', entries }),
      question(5, { type: 'Text Area' }),
    ];
    await addSurvey(fixture, survey('preChat', { questions }));
    expect(await start({ 1: ['a', 'b', 'a'], 2: 'a', 3: 'b', 4: 'a', 5: 'text' })).toBe('started');
    expect(await start({ 1: ['a', 'c'] })).toBe(
      'question 1 "Question 1" must be one of "a", "b", got "c".',
    );
    for (const id of [2, 3, 4, 5]) {
      expect(await start({ [id]: ['a', 'b'] })).toBe(
        `question ${id} "Question ${id}" takes one answer, got 2.`,
      );
    }
    expect(await start({ 4: 'A' })).toMatch(/must be one of "a", "b", got "A"/);
  });

  it('[SURV7] a question that is not shown need not be answered, and its answer is not kept', async () => {
    const questions = [
      question(1, { type: 'Radio Button', entries: [entry('yes', 20), entry('no')] }),
      question(2, {
        logicId: 20,
        mandatory: true,
        type: 'Dropdown Box',
        entries: [entry('deep', 30)],
      }),
      question(3, { logicId: 30, mandatory: true }),
      question(4, {
        logicId: 40,
        mandatory: true,
        type: 'Dropdown Box',
        entries: [entry('x', 50)],
      }),
      question(5, {
        logicId: 50,
        mandatory: true,
        type: 'Dropdown Box',
        entries: [entry('y', 40)],
      }),
    ];
    await addSurvey(fixture, survey('preChat', { questions }));
    expect(await start({ 1: 'no' })).toBe('started');
    expect(await start({ 1: 'yes' })).toBe('question 2 "Question 2" must be answered.');
    expect(await start({ 1: 'yes', 2: 'deep' })).toBe('question 3 "Question 3" must be answered.');
    expect(await start({ 1: 'yes', 2: 'deep', 3: 'why' })).toBe('started');
    await fixture.clear();
    const agent = await fixture.agent();
    await fixture.visitor(answers({ 1: 'no', 2: 'wrong', 3: 'stale', 4: 'x', 5: 'y' }));
    const chat = await agent.accept();
    const visit = linkAt((await chat.get()).body, 'chat.link', 'visit-id');
    const { body } = await agent.get(`${visit}/surveys`);
    const kept = at(body, 'surveys.survey.questions.question') as { id: number; answer?: string }[];
    expect(kept.map(({ id, answer }) => [id, answer])).toEqual([
      [1, 'no'],
      [2, undefined],
      [3, undefined],
      [4, undefined],
      [5, undefined],
    ]);
  });

  it('[SURV8] unknown and repeated questions are refused; several problems are reported at once', async () => {
    const questions = [
      question(1, { mandatory: true }),
      question(2, { validationType: 'numeric' }),
    ];
    const id = await addSurvey(fixture, survey('preChat', { questions }));
    expect(await start({ 2: 'x', 9: 'y' })).toBe(
      `question 9 is not one of survey ${id}; question 1 "Question 1" must be answered; ` +
        'question 2 "Question 2" must be a number, got "x".',
    );
    const twice = {
      question: [
        { id: 1, answer: 'a' },
        { id: 1, answer: 'b' },
      ],
    };
    const reply = await fixture.visit('POST', '/chat/request', {
      body: { request: { survey: twice } },
    });
    expect(message(reply)).toEqual([400, 'question 1 is answered twice.']);
  });

  it('[SURV9] the whole survey sent back with answers in it is an answer too', async () => {
    const questions = [
      question(1),
      question(2, { type: 'Checkbox', entries: [entry('a'), entry('b'), entry('c')] }),
    ];
    const id = await addSurvey(fixture, survey('exit', { questions }));
    const { visitor } = await fixture.chat();
    const whole = {
      survey: {
        id,
        title: 'Title',
        questions: {
          question: [
            { id: 1, label: 'Question 1', answer: 'fine' },
            {
              id: 2,
              entry: [
                { value: 'a', checked: true },
                { value: 'b', checked: 'false' },
                { value: 'c', checked: 'true' },
              ],
            },
          ],
        },
      },
    };
    const reply = await visitor.put('/exitSurvey', whole);
    expect([reply.status, at(reply.body, 'survey.questions.question.1.answer')]).toEqual([
      200,
      ['a', 'c'],
    ]);
    const xml = `<survey id="${id}"><question id="1"><answer>good</answer></question></survey>`;
    const second = await visitor.call('PUT', '/exitSurvey', {
      body: xml,
      headers: { 'content-type': 'application/xml' },
    });
    expect(at(second.body, 'survey.questions.question.0.answer')).toBe('good');
  });

  it('[SURV10] an id must be that of such a survey; answers to no survey are refused', async () => {
    expect(await start({ 1: 'x' })).toBe(
      'request.survey has answers, but there is no pre-chat survey for this: leave them out.',
    );
    const exit = await addSurvey(fixture, survey('exit'));
    const request = answers({ 1: 'x' }, exit);
    const reply = await fixture.visit('POST', '/chat/request', { body: { request } });
    expect(message(reply)).toEqual([
      400,
      `survey.id is ${exit}, which is no pre-chat survey: get the survey and answer that one, or leave the id out.`,
    ]);
    expect(await start({})).toBe('started');
  });
});
