import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { creation } from '@parley/configuration/records/record-changes';
import { ConfigurationFixture, type ApiRecord, USERS } from './configuration-fixture.js';
import { at, DEMO_ACCOUNT } from './harness.js';

const RESPONSES = '/configuration/engagement-window/canned-responses';
const CATEGORIES = '/configuration/le-categories/categories';
const OWN_CONTENT = '/configuration/canned-content';
const OWN_CATEGORIES = '/configuration/canned-content/categories';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const text = (title: string, msg: string, lang = 'en-US') => ({ title, msg, lang });
const newResponse = (title: string, more: Readonly<Record<string, unknown>> = {}) =>
  fixture.require('POST', RESPONSES, { data: [text(title, `${title}!`)], ...more });
const idsOf = (records: unknown) => (records as readonly ApiRecord[]).map(({ id }) => id);

async function removeAll(): Promise<void> {
  for (const path of [RESPONSES, CATEGORIES]) {
    await fixture.require('DELETE', path, idsOf(await fixture.list(path)));
  }
}

describe('predefined content', () => {
  it('[PREDEF1] is made and answered in the form of the original', async () => {
    const category = await fixture.require('POST', `${CATEGORIES}?v=2.0`, { name: 'Greetings' });
    const sent = {
      deleted: false,
      enabled: true,
      hotkey: { prefix: 'alt', suffix: '6' },
      type: 0,
      data: [
        {
          title: 'Hello',
          msg: 'Hello, {name}: $!{operator.nickname}',
          lang: 'en-us',
          isDefault: false,
        },
        { title: 'Hallo', msg: 'Guten Tag', lang: 'de', isDefault: true },
      ],
      categoriesIds: [category.id],
      skillIds: [11],
      lobIds: [10, 12],
      templateId: 'canned-response-template-1',
    };
    const made = await fixture.call('POST', `${RESPONSES}?v=2.0&lang=en-US`, sent);
    expect(made.status).toBe(201);
    const { id } = made.body as ApiRecord;
    const [english, german] = sent.data;
    const answered = { id, ...sent, data: [{ ...english, lang: 'en-US' }, german] };
    expect(made.body).toEqual(answered);
    expect(made.headers.location).toBe(`${fixture.fixture.base}${RESPONSES}/${id}`);
    expect(await fixture.require('GET', `${RESPONSES}/${id}`)).toEqual(answered);

    const revision = await fixture.revision(RESPONSES);
    expect(await fixture.require('PUT', `${RESPONSES}/${id}`, answered)).toEqual(answered);
    expect(await fixture.revision(RESPONSES)).toBe(revision);
    expect(await fixture.revision(OWN_CONTENT)).toBe(revision);
    const stale = { ifMatch: `"${revision - 1}"` };
    expect((await fixture.call('PUT', `${RESPONSES}/${id}`, answered, stale)).status).toBe(412);
    expect(await fixture.require('DELETE', `${RESPONSES}/${id}`)).toEqual({
      ...answered,
      deleted: true,
    });
    expect(await fixture.list(`${RESPONSES}?include_deleted=true`)).toContainEqual({
      ...answered,
      deleted: true,
    });
  });

  it('[PREDEF2] is the same records as canned content', async () => {
    const made = await newResponse('Hello', { hotkey: { prefix: 'shift+ctrl', suffix: 'h' } });
    const own = await fixture.require('GET', `${OWN_CONTENT}/${made.id}`);
    expect(own).toEqual({
      id: made.id,
      name: 'Hello',
      isEnabled: true,
      hotkey: 'Ctrl+Shift+H',
      categoryIds: [],
      skillIds: [],
      texts: [{ language: 'en-US', text: 'Hello!' }],
    });
    await fixture.require('PUT', `${OWN_CONTENT}/${made.id}`, { ...own, name: 'Welcome' });
    expect(await fixture.require('GET', `${RESPONSES}/${made.id}`)).toMatchObject({
      hotkey: { prefix: 'ctrl+shift', suffix: 'H' },
      data: [{ title: 'Welcome', msg: 'Hello!' }],
    });
    const retitled = { data: [text('Good day', 'Hello!'), text('Bonjour', 'Salut', 'fr')] };
    await fixture.require('PUT', `${RESPONSES}/${made.id}`, retitled);
    const after = await fixture.require('GET', `${OWN_CONTENT}/${made.id}`);
    expect(after).toMatchObject({
      name: 'Good day',
      texts: [
        { language: 'en-US', text: 'Hello!' },
        { language: 'fr', text: 'Salut', title: 'Bonjour' },
      ],
    });
    const revision = await fixture.revision(OWN_CONTENT);
    await fixture.require('PUT', `${OWN_CONTENT}/${made.id}`, after);
    expect(await fixture.revision(OWN_CONTENT)).toBe(revision);
    // A client that knows of no titles leaves them as they are.
    const untitled = [
      { language: 'en-US', text: 'Hi!' },
      { language: 'fr', text: 'Salut' },
    ];
    await fixture.require('PUT', `${OWN_CONTENT}/${made.id}`, { texts: untitled });
    expect(at((await fixture.call('GET', `${RESPONSES}/${made.id}`)).body, 'data')).toMatchObject([
      { title: 'Good day', msg: 'Hi!' },
      { title: 'Bonjour', msg: 'Salut' },
    ]);
    const { body } = await fixture.call('GET', '/configuration/audit?limit=1');
    expect(at(body, 'entries.0.action')).toBe('cannedContent.change');
  });

  it('[PREDEF3] may have the same title twice, keys of any kind, and braces that are no placeholder', async () => {
    const [first, second] = [await newResponse('Bye'), await newResponse('bye')];
    const names = await Promise.all(
      [first, second].map(({ id }) => fixture.require('GET', `${OWN_CONTENT}/${id}`)),
    );
    expect(names.map(({ name }) => name)).toEqual(['Bye', 'bye (2)']);
    expect(second['data']).toMatchObject([{ title: 'bye' }]);
    const odd = await newResponse('Odd', {
      'hot-key': { prefix: 'a', suffix: '9' },
      data: [text('Odd', 'Use {coupon}')],
    });
    expect(odd).toMatchObject({ hotkey: { prefix: 'a', suffix: '9' } });
    const own = await fixture.require('GET', `${OWN_CONTENT}/${odd.id}`);
    expect(own).toMatchObject({ hotkey: 'A+9', texts: [{ text: 'Use {coupon}' }] });
    expect(await fixture.require('PUT', `${OWN_CONTENT}/${odd.id}`, own)).toEqual(own);
    const none = await fixture.require('PUT', `${RESPONSES}/${odd.id}`, { hotkey: {} });
    expect(none).not.toHaveProperty('hotkey');
  });

  it.each([
    [{}, 400, 'The body must be a canned response'],
    [{ data: [] }, 400, 'data is required'],
    [{ data: [{ msg: 'x', lang: 'en' }] }, 400, 'data[0].title is required'],
    [{ data: [{ title: 'x', lang: 'en' }] }, 400, 'data[0].msg must not be empty'],
    [{ data: [{ title: 'x', msg: 'x' }] }, 400, 'data[0].lang'],
    [{ data: [text('x', 'y', 'no language')] }, 400, 'data[0].lang "no language"'],
    [{ data: [text('x', 'y'), text('z', 'y', 'EN-us')] }, 400, 'two for en-US'],
    [{ data: [text('x', 'y')], type: 1 }, 400, 'type'],
    [{ data: [text('x', 'y')], hotkey: { prefix: 'alt' } }, 400, 'hotkey'],
    [{ data: [text('x', 'y')], hotkey: { prefix: '<b>', suffix: '1' } }, 400, 'hotkey'],
    [{ data: [text('x', 'y')], skillIds: [99] }, 400, 'skillIds names 99'],
    [{ data: [text('x', 'y')], categoriesIds: [99] }, 400, 'names 99'],
    [{ data: [text('x', 'y')], hotkey: { prefix: 'ALT', suffix: 't' } }, 409, 'Alt+T'],
  ])('[PREDEF1, CFG10] is refused: %j', async (body, status, message) => {
    if (status === 409) await newResponse('Taken', { hotkey: { prefix: 'alt', suffix: 'T' } });
    const refused = await fixture.refused('POST', RESPONSES, body);
    expect(refused).toEqual([status, expect.stringContaining(message)]);
  });

  it('[PREDEF4] is read by language, skill, id and category', async () => {
    await removeAll();
    const categories = (await fixture.require('POST', CATEGORIES, [
      { name: 'One' },
      { name: 'Two' },
    ])) as unknown as readonly ApiRecord[];
    const [one = 0, two = 0] = categories.map(({ id }) => id);
    const all = await newResponse('All', { categoriesIds: [one, two] });
    const sales = await newResponse('Sales', { skillIds: [11], categoriesIds: [two] });
    const support = await newResponse('Support', {
      skillIds: [12],
      data: [text('Support', 'a <b>c</b><script>d</script>'), text('Hilfe', 'b', 'de')],
    });
    const read = async (query: string) => (await fixture.call('GET', `${RESPONSES}?${query}`)).body;
    expect(idsOf(await read('v=2.0'))).toEqual([all.id, sales.id, support.id]);
    expect(idsOf(await read('skill_ids=11'))).toEqual([all.id, sales.id]);
    expect(idsOf(await read('skill_ids=-1'))).toEqual([all.id]);
    expect(idsOf(await read(`ids=${sales.id},${support.id},99`))).toEqual([sales.id, support.id]);
    expect(await read('lang=de,fr-FR')).toMatchObject([
      { id: support.id, data: [{ title: 'Hilfe', lang: 'de' }] },
    ]);
    expect(await read(`ids=${support.id}&sanitize_data=true`)).toMatchObject([
      { data: [{ msg: 'a <b>c</b>' }, { msg: 'b' }] },
    ]);
    expect(await read(`select=id,data(title)&ids=${sales.id}`)).toEqual([
      { id: sales.id, data: [{ title: 'Sales' }] },
    ]);
    const grouped = (await read('group_by=CATEGORIES&select=$summary')) as Record<string, unknown>;
    expect(
      Object.fromEntries(Object.entries(grouped).map(([key, of]) => [key, idsOf(of)])),
    ).toEqual({ [one]: [all.id], [two]: [all.id, sales.id], '-1': [support.id] });
    const xml = await fixture.call('GET', `${RESPONSES}.xml?group_by=categories`);
    expect([xml.status, xml.text]).toEqual([200, expect.stringContaining('<cannedResponses>{')]);
    expect(await fixture.require('GET', `${RESPONSES}/${support.id}?lang=de`)).toMatchObject({
      data: [{ lang: 'de' }],
    });
    for (const query of ['group_by=SKILLS', 'ids=1,x', 'skill_ids=1;2', 'lang=no%20language']) {
      expect([query, (await fixture.call('GET', `${RESPONSES}?${query}`)).status]).toEqual([
        query,
        400,
      ]);
    }
  });

  it('[PREDEF4] is read by agents as far as they can use it, and changed by lists', async () => {
    await removeAll();
    const everybody = await newResponse('Everybody');
    const support = await newResponse('For support', { skillIds: [12] });
    await newResponse('Off', { enabled: false });
    await fixture.require('PUT', `${USERS}/101`, { skillIds: [11] });
    const read = (as: string, query = '') =>
      fixture.call('GET', RESPONSES + query, undefined, { as });
    expect(idsOf((await read('agent1')).body)).toEqual([everybody.id]);
    expect(idsOf((await read('agent2')).body)).toEqual([everybody.id, support.id]);
    expect((await read('agent1', `/${support.id}`)).status).toBe(404);
    expect(idsOf((await read('manager1')).body)).toHaveLength(3);
    const changed = await fixture.require('PUT', RESPONSES, [
      { id: everybody.id, enabled: false },
      { id: support.id, enabled: false },
    ]);
    expect(changed).toMatchObject([{ enabled: false }, { enabled: false }]);
    await fixture.require('DELETE', RESPONSES, [String(everybody.id), support.id]);
    expect(await fixture.list(`${RESPONSES}?select=enabled`)).toEqual([{ enabled: false }]);
  });
});

describe('categories', () => {
  beforeEach(removeAll);
  const orders = async () =>
    (await fixture.list(CATEGORIES))
      .toSorted((a, b) => Number(a['order']) - Number(b['order']))
      .map(({ name, order }) => `${order} ${name}`);

  it('[PREDEF5] stand in an order without gaps, whatever is added, moved and deleted', async () => {
    const first = await fixture.require('POST', CATEGORIES, { name: 'A', proposed: true });
    expect(first).toEqual({ id: first.id, deleted: false, name: 'A', order: 1, proposed: true });
    await fixture.require('POST', OWN_CATEGORIES, { name: 'B' });
    await fixture.require('POST', CATEGORIES, [
      { name: 'C', order: 1 },
      { name: 'D', order: 77 },
    ]);
    expect(await orders()).toEqual(['1 C', '2 A', '3 B', '4 D']);
    const path = `${CATEGORIES}/${first.id}`;
    expect(await fixture.require('PUT', path, { ...first, order: 3 })).toMatchObject({ order: 3 });
    expect(await orders()).toEqual(['1 C', '2 B', '3 A', '4 D']);
    const revision = await fixture.revision(CATEGORIES);
    await fixture.require('PUT', path, { order: 3 });
    expect(await fixture.revision(CATEGORIES)).toBe(revision);
    await fixture.require('DELETE', `${OWN_CATEGORIES}/${first.id}`);
    expect(await orders()).toEqual(['1 C', '2 B', '3 D']);
    expect(await fixture.refused('POST', CATEGORIES, { name: 'E', order: 0 })).toEqual([
      400,
      expect.stringContaining('order'),
    ]);
    expect((await fixture.refused('POST', CATEGORIES, { name: 'c' }))[0]).toBe(409);
  });

  it('[PREDEF5] of before there was an order come by age, and get one with the first change', async () => {
    const { store, accounts } = fixture.fixture.server.running.server;
    const old = ['Older', 'Newer'].map((name) => ({
      ...creation('cannedCategory', { name }),
      data: JSON.stringify({ name, changedAt: 1 }),
    }));
    await store.config.write(DEMO_ACCOUNT, { changes: old });
    await accounts.refresh(DEMO_ACCOUNT);
    expect(await orders()).toEqual(['1 Older', '2 Newer']);
    await fixture.require('POST', CATEGORIES, { name: 'Newest', order: 2 });
    expect(await orders()).toEqual(['1 Older', '2 Newest', '3 Newer']);
  });
});
