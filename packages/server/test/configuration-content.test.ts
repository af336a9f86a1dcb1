import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFixture, type ApiRecord, USERS } from './configuration-fixture.js';
import { at } from './harness.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const SURVEYS = '/configuration/surveys';
const CONTENT = '/configuration/canned-content';
const CATEGORIES = '/configuration/canned-content/categories';

let names = 0;
const fresh = () => {
  names += 1;
  return `name ${names}`;
};

const entry = (value: string, ...showLogicId: number[]) => ({
  value,
  displayValue: value.toUpperCase(),
  checked: false,
  ...(showLogicId.length === 0 ? {} : { logic: { showLogicId } }),
});

const text = (label: string, more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'Text Field',
  label,
  ...more,
});

const choice = (label: string, entries: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  type: 'Radio Button',
  label,
  entry: entries,
  ...more,
});

describe('a survey', () => {
  it('[CFG70] is made with its questions, and answered as it was made', async () => {
    const survey = {
      kind: 'preChat',
      name: 'Before sales',
      title: 'Hello',
      header: 'A few questions',
      skillId: 11,
      isEnabled: true,
      questions: [
        {
          id: 5,
          order: 1,
          logicId: 50,
          mandatory: true,
          type: 'Dropdown Box',
          validationType: 'alpha_numeric',
          label: 'What is it about?',
          entry: [entry('price', 60), entry('other')],
        },
        {
          id: 6,
          order: 2,
          logicId: 60,
          mandatory: false,
          type: 'Text Field',
          validationType: 'numeric',
          label: 'Which price?',
          entry: [],
        },
      ],
    };
    const made = await fixture.require('POST', SURVEYS, survey);
    expect(made).toEqual({ id: made.id, ...survey });
    expect(await fixture.require('GET', `${SURVEYS}/${made.id}`)).toEqual(made);
    const shown = await fixture.fixture.visit('GET', '/chat/preSurvey?skill=Sales');
    expect(at(shown.body, 'survey.questions.question.0.entry.0.logic.showLogicId')).toBe(60);
    await fixture.require('PUT', `${SURVEYS}/${made.id}`, { isEnabled: false, skillId: 0 });
    expect((await fixture.fixture.visit('GET', '/chat/preSurvey?skill=Sales')).status).toBe(404);
    const { skillId, ...rest } = await fixture.require('GET', `${SURVEYS}/${made.id}`);
    expect([skillId, rest['questions']]).toEqual([undefined, survey.questions]);
    await fixture.require('DELETE', `${SURVEYS}/${made.id}`);
    expect((await fixture.refused('GET', `${SURVEYS}/${made.id}`))[0]).toBe(404);
  });

  it('[CFG70] gives its questions ids, places and logic ids that are left out', async () => {
    const { questions } = await fixture.require('POST', SURVEYS, {
      kind: 'exit',
      name: fresh(),
      questions: {
        question: [text('one'), text('two', { id: 1 }), choice('three', { value: 'x' })],
      },
    });
    expect(questions).toMatchObject([
      { id: 2, order: 1, logicId: 2, mandatory: false, validationType: 'alpha_numeric' },
      { id: 1, order: 2, logicId: 1 },
      { id: 3, order: 3, entry: [{ value: 'x', displayValue: 'x', checked: false }] },
    ]);
    const sorted = await fixture.require('POST', SURVEYS, {
      kind: 'exit',
      name: fresh(),
      questions: [text('last', { order: 9 }), text('first', { order: 1 })],
    });
    expect((sorted['questions'] as ApiRecord[]).map(({ label }) => label)).toEqual([
      'first',
      'last',
    ]);
  });

  it.each([
    ['kind is required', { kind: undefined }],
    ['kind must be one of preChat, offline, exit, agent', { kind: 'later' }],
    ['name is required', { name: undefined }],
    ['99', { skillId: 99 }],
    ['questions[0].type is required', { questions: [{ label: 'x' }] }],
    ['questions[0].label is required', { questions: [{ type: 'Text Area' }] }],
    ['questions[0].type must be one of', { questions: [text('x', { type: 'Slider' })] }],
    ['without entries', { questions: [choice('x', [])] }],
    ['which has no entries', { questions: [text('x', { entry: [entry('a')] })] }],
    ['two entries of the value "a"', { questions: [choice('x', [entry('a'), entry('a')])] }],
    ['entry[0].value is required', { questions: [choice('x', [{ checked: true }])] }],
    [
      'only one of its entries',
      {
        questions: [
          choice('x', [
            { value: 'a', checked: true },
            { value: 'b', checked: true },
          ]),
        ],
      },
    ],
    ['id 1', { questions: [text('x', { id: 1 }), text('y', { id: 1 })] }],
    ['logicId 4', { questions: [text('x', { logicId: 4 }), text('y', { logicId: 4 })] }],
    ['logicId 77', { questions: [choice('x', [entry('a', 77)])] }],
    ['shows itself', { questions: [choice('x', [entry('a', 1)], { logicId: 1 })] }],
    [
      'shows itself',
      {
        questions: [
          choice('x', [entry('a', 2)], { logicId: 1 }),
          choice('y', [entry('a', 3)], { logicId: 2 }),
          choice('z', [entry('a', 1)], { logicId: 3 }),
        ],
      },
    ],
  ])('[CFG71] is refused: %s', async (words, fields) => {
    const survey = { kind: 'exit', name: fresh(), ...fields };
    const [status, message] = await fixture.refused('POST', SURVEYS, survey);
    expect([status, message]).toEqual([400, expect.stringContaining(words)]);
  });

  it('[CFG71] may have several checkboxes checked, and branches that meet again', async () => {
    await fixture.require('POST', SURVEYS, {
      kind: 'exit',
      name: fresh(),
      questions: [
        {
          type: 'Checkbox',
          label: 'x',
          logicId: 1,
          entry: [
            { ...entry('a', 2, 3), checked: true },
            { ...entry('b', 3), checked: true },
          ],
        },
        choice('y', [entry('a', 3)], { logicId: 2 }),
        text('z', { logicId: 3 }),
      ],
    });
  });
});

describe('canned content', () => {
  const newContent = (more: Readonly<Record<string, unknown>> = {}) =>
    fixture.require('POST', CONTENT, {
      name: fresh(),
      texts: [{ language: 'en-US', text: 'Hello {visitorName}, I am {agentName}.' }],
      ...more,
    });

  it('[CFG72] has texts per language, categories, skills and a hotkey', async () => {
    const category = await fixture.require('POST', CATEGORIES, { name: 'Greetings' });
    const content = await newContent({
      name: 'Hello',
      hotkey: ' shift +ctrl+1',
      categoryIds: [category.id],
      skillIds: [11],
      texts: [
        { language: 'en-us', text: 'Hello {visitorName}, this is {skillName}.' },
        { language: 'de', text: 'Guten Tag' },
      ],
    });
    expect(content).toEqual({
      id: content.id,
      name: 'Hello',
      isEnabled: true,
      hotkey: 'Ctrl+Shift+1',
      categoryIds: [category.id],
      skillIds: [11],
      texts: [
        { language: 'en-US', text: 'Hello {visitorName}, this is {skillName}.' },
        { language: 'de', text: 'Guten Tag' },
      ],
    });
    expect(await fixture.require('PUT', `${CONTENT}/${content.id}`, { hotkey: '' })).toEqual({
      ...content,
      hotkey: '',
    });
    await fixture.require('DELETE', `${CATEGORIES}/${category.id}`);
    expect(await fixture.require('GET', `${CONTENT}/${content.id}`)).toMatchObject({
      categoryIds: [],
    });
    await fixture.require('DELETE', `${CONTENT}/${content.id}`);
  });

  it.each([
    ['name is required', { name: undefined }],
    ['texts is required', { texts: [] }],
    ['texts[0].text must not be empty', { texts: [{ language: 'en', text: ' ' }] }],
    ['{password}', { texts: [{ language: 'en', text: 'Your {password}' }] }],
    ['texts[0].language "x y"', { texts: [{ language: 'x y', text: 'Hi' }] }],
    [
      'two for de',
      {
        texts: [
          { language: 'de', text: 'a' },
          { language: 'DE', text: 'b' },
        ],
      },
    ],
    ['hotkey "h"', { hotkey: 'h' }],
    ['hotkey "Ctrl+Enter"', { hotkey: 'Ctrl+Enter' }],
    ['hotkey "Ctrl+Ctrl+A"', { hotkey: 'Ctrl+Ctrl+A' }],
    ['99', { skillIds: [99] }],
    ['99', { categoryIds: [99] }],
  ])('[CFG73] is refused: %s', async (words, fields) => {
    const content = { name: fresh(), texts: [{ language: 'en', text: 'Hi' }], ...fields };
    expect(await fixture.refused('POST', CONTENT, content)).toEqual([
      400,
      expect.stringContaining(words),
    ]);
  });

  it('[CFG73] lies on keys of its own for each agent', async () => {
    const sales = await newContent({ hotkey: 'Alt+S', skillIds: [11] });
    await newContent({ hotkey: 'Alt+S', skillIds: [12] });
    const both = { name: fresh(), hotkey: 'Alt+s', texts: [{ language: 'en', text: 'Hi' }] };
    expect(await fixture.refused('POST', CONTENT, both)).toEqual([
      409,
      expect.stringContaining(String(sales['name'])),
    ]);
    const off = await newContent({ hotkey: 'Alt+S', isEnabled: false });
    expect((await fixture.refused('PUT', `${CONTENT}/${off.id}`, { isEnabled: true }))[0]).toBe(
      409,
    );
  });

  it('[CFG74] is read by agents as far as they can use it', async () => {
    for (const { id } of await fixture.list(CONTENT))
      await fixture.require('DELETE', `${CONTENT}/${id}`);
    const everybody = await newContent();
    const support = await newContent({ skillIds: [12] });
    await newContent({ isEnabled: false });
    await fixture.require('PUT', `${USERS}/101`, { skillIds: [11] });
    const read = async (as: string) =>
      ((await fixture.call('GET', CONTENT, undefined, { as })).body as ApiRecord[]).map(
        ({ id }) => id,
      );
    expect(await read('agent1')).toEqual([everybody.id]);
    expect(await read('agent2')).toEqual([everybody.id, support.id]);
    expect(await read('admin1')).toHaveLength(3);
    const hidden = await fixture.call('GET', `${CONTENT}/${support.id}`, undefined, {
      as: 'agent1',
    });
    expect(hidden.status).toBe(404);
    const categories = await fixture.call('GET', CATEGORIES, undefined, { as: 'agent1' });
    expect(categories.status).toBe(200);
  });
});
