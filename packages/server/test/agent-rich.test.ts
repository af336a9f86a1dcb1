/** Rich-content lines carry cards that are checked before anyone sees them (rules RICH…). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentChat, type Visitor, Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { at } from './harness.js';

let fixture: Fixture;
let chat: AgentChat;
let visitor: Visitor;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const text = { type: 'text', text: 'Pick one', tooltip: 'a text', style: { bold: true } };
const card = {
  type: 'vertical',
  tag: 'kept as it is',
  elements: [
    text,
    { type: 'image', url: 'https://example.com/a.png', caption: 'A', rtl: false },
    {
      type: 'horizontal',
      elements: [
        {
          type: 'button',
          title: 'Yes',
          click: {
            metadata: [{ id: 1 }],
            actions: [
              { type: 'publishText', text: 'Yes!' },
              { type: 'link', name: 'Shop', uri: 'https://example.com' },
              { type: 'navigate', lo: 23.7, la: 37.9 },
            ],
          },
        },
      ],
    },
    { type: 'map', lo: -180, la: 90 },
    { type: 'list', elements: [{ type: 'section', elements: [text] }] },
    { type: 'carousel', elements: [] },
  ],
};

/** In the forms of the examples that the original's pages print. */
const ORIGINALS = {
  'a link with placeholders for platforms': {
    type: 'button',
    title: 'Search',
    click: {
      actions: [
        {
          type: 'link',
          uri: 'www.google.com',
          ios: { uri: 'specific uri for iOS' },
          android: { uri: 'specific uri for Android' },
          web: { uri: 'specific uri for Web' },
        },
      ],
    },
  },
  'coordinates of any size': {
    type: 'vertical',
    elements: [
      {
        type: 'image',
        url: 'https://i.example.com/a.jpg',
        click: {
          actions: [{ type: 'navigate', name: 'To the shop', lo: 23423423, la: 2423423423 }],
        },
      },
      { type: 'map', la: 64.128597, lo: -21.89611, tooltip: 'map tooltip' },
    ],
  },
  'quick replies alone': {
    type: 'quickReplies',
    itemsPerRow: 8,
    replies: [
      {
        type: 'button',
        tooltip: 'yes I do',
        title: 'yes',
        click: {
          actions: [{ type: 'publishText', text: 'yep' }],
          metadata: [{ type: 'ExternalId', id: 'Yes-1234' }],
        },
        style: { color: '###fff', 'border-radius': 25, bold: true },
      },
    ],
  },
  'quick replies beside the elements': {
    type: 'vertical',
    elements: [{ type: 'text', text: 'Which colour?' }],
    quickReplies: {
      type: 'quickReplies',
      itemsPerRow: 4,
      replies: [
        {
          type: 'button',
          title: 'Red',
          click: { actions: [{ type: 'publishText', text: 'Red' }] },
        },
      ],
    },
  },
  'lists to choose from': {
    type: 'list',
    elements: [
      { type: 'text', text: 'Select your fruit' },
      {
        type: 'sectionList',
        elements: [
          {
            type: 'section',
            sectionID: 'fruits',
            elements: [
              {
                type: 'checklist',
                elements: [
                  {
                    type: 'checkbox',
                    text: 'apple',
                    borderLine: true,
                    borderColor: '#000000',
                    click: {
                      metadata: [{ type: 'ExternalId', id: 'ANOTHER_ONE_35' }],
                      actions: [{ type: 'checked', publishText: 'apples' }],
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
      {
        type: 'buttonList',
        elements: [
          {
            type: 'submitButton',
            title: 'submit',
            disabled: false,
            click: { actions: [{ type: 'submitAsText', submit: true }] },
          },
        ],
      },
    ],
  },
  'a carousel with padding': {
    type: 'carousel',
    padding: 10,
    elements: [
      {
        type: 'vertical',
        elements: [
          {
            type: 'button',
            tooltip: 'Choose a plan',
            title: 'Choose a plan',
            click: {
              actions: [{ type: 'link', name: 'Add to cart', uri: 'https://example.com/' }],
            },
          },
        ],
      },
    ],
  },
};

async function send(json: unknown, more: Readonly<Record<string, unknown>> = {}) {
  ({ chat, visitor } = await fixture.chat());
  const event = { '@type': 'line', text: '', textType: 'rich-content', json, ...more };
  const reply = await chat.post('/events', { event });
  return { status: reply.status, message: at(reply.body, 'error.message') };
}

describe('rich content', () => {
  it('[RICH1] cards of texts, images, buttons, maps and lists reach the visitor as they were sent', async () => {
    expect((await send(card, { text: 'Pick one: yes or no' })).status).toBe(201);
    for (const party of [chat, visitor]) {
      expect((await party.events(4))[0]).toMatchObject({
        textType: 'rich-content',
        text: 'Pick one: yes or no',
        json: card,
      });
    }
    const xml = await visitor.get('/events/4', { accept: 'application/xml' });
    const inside = /<json>(.*)<\/json>/.exec(xml.text)?.[1]?.replaceAll('&quot;', '"') ?? '';
    expect(JSON.parse(inside)).toEqual(card);
  });

  it.each([
    [undefined, 'event.json must be an object with a type, got nothing.'],
    ['text', 'event.json must be an object with a type, got "text".'],
    [
      { type: 'video', url: 'https://example.com' },
      'event.json.type must be one of vertical, horizontal, carousel, list, section, text, image, button, map, quickReplies, sectionList, buttonList, checklist, submitButton, checkbox, accordionSelect, carouselSelect, linkPreview, separator, tabs, got "video".',
    ],
    [{ type: 'text' }, 'event.json.text is required.'],
    [{ type: 'vertical' }, 'event.json.elements is required.'],
    [{ type: 'vertical', elements: {} }, 'event.json.elements must be a list, got {}.'],
    [
      { type: 'vertical', elements: [text, { type: 'button', title: 7 }] },
      'event.json.elements[1].title must be a text, got 7.',
    ],
    [{ type: 'map', lo: '181', la: 0 }, 'event.json.lo must be a number, got "181".'],
    [{ ...text, rtl: 'yes' }, 'event.json.rtl must be true or false, got "yes".'],
    [{ ...text, style: 'color:red' }, 'event.json.style must be an object, got "color:red".'],
    [
      { ...text, click: { actions: [{ type: 'run' }] } },
      'event.json.click.actions[0].type must be one of link, navigate, publishText, addToCart, checked, custom, datePicker, scheduleSlotList, submitAsText, got "run".',
    ],
  ])('[RICH2] %j is 400 and named, and nobody sees it', async (json, message) => {
    expect(await send(json, { text: 'x' })).toEqual({ status: 400, message });
    expect(await visitor.feed(4)).toEqual([]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '/x',
    'https:',
    'https://a b',
    'https://user:password@example.com',
  ])('[RICH3] links and pictures lead to no %s', async (uri) => {
    const click = (action: object) => ({ actions: [{ type: 'link', ...action }] });
    const button = { type: 'button', title: 'x' };
    const good = 'https://example.com';
    const places: readonly (readonly [string, unknown])[] = [
      ['url', { type: 'image', url: uri }],
      ['click.actions[0].uri', { ...button, click: click({ uri }) }],
      ['click.actions[0].web.uri', { ...button, click: click({ uri: good, web: { uri } }) }],
      ['click.actions[0].ios.uri', { ...button, click: click({ ios: { uri } }) }],
      [
        'click.actions[0].android.uri',
        { ...button, click: click({ uri: good, android: { uri } }) },
      ],
      [
        'quickReplies.replies[0].click.actions[0].uri',
        {
          type: 'vertical',
          elements: [text],
          quickReplies: { type: 'quickReplies', replies: [{ ...button, click: click({ uri }) }] },
        },
      ],
      ['quickReplies.any[0].uri', { ...text, quickReplies: { replies: [], any: [{ uri }] } }],
      [
        'elements[0].unknown.backgroundUrl',
        { type: 'list', elements: [{ ...text, unknown: { backgroundUrl: uri } }] },
      ],
    ];
    for (const [place, json] of places) {
      const { status, message } = await send(json);
      expect([place, status, message]).toEqual([
        place,
        400,
        expect.stringMatching(/^event\.json\.\S+ must be an address (?:with https?:|without)/),
      ]);
      expect(message).toContain(`event.json.${place} must`);
    }
    expect(await visitor.feed(4)).toEqual([]);
  });

  it('[RICH3] nor do fields that mean nothing here lead to what runs', async () => {
    for (const note of ['javascript:alert(1)', 'java\tscript:x', 'data:text/html,x']) {
      expect((await send({ ...text, note })).message).toMatch(/^event\.json\.note must not be an/);
      const json = { ...text, list: ['a', [note]] };
      expect((await send(json)).message).toMatch(/^event\.json\.list\[1\]\[0\] must not be an/);
    }
    const plain = { type: 'text', text: 'javascript: the good parts', tooltip: 'data:text/html,x' };
    expect((await send(plain)).status).toBe(201);
    expect((await visitor.events(4))[0]).toMatchObject({ json: plain });
  });

  it('[RICH3] what an earlier build kept reaches nobody as a link', async () => {
    ({ chat, visitor } = await fixture.chat());
    const host = await fixture.host();
    const actions = [{ type: 'link', uri: 'https://example.com', web: { uri: 'javascript:x' } }];
    await give<'chat.addLine'>(host, {
      ...{ type: 'chat.addLine', chatId: visitor.id, text: '', textType: 'rich-content' },
      from: {
        party: 'agent',
        sessionId: chat.agent.uri.slice(chat.agent.uri.lastIndexOf('/') + 1),
      },
      ...{ subType: 'REGULAR', json: { type: 'button', title: 'x', click: { actions } } },
    });
    for (const accept of ['application/json', 'application/xml', 'application/hal+json']) {
      for (const party of [chat, visitor]) {
        const { text: shown } = await party.get('/events?from=4', { accept });
        expect(shown).toContain('https://example.com');
        expect(shown).not.toContain('javascript');
      }
    }
  });

  it('[RICH6] a link may lead to each platform by an address of its own; without a scheme it is https', async () => {
    const action = {
      type: 'link',
      name: 'Shop',
      ios: { uri: 'apps.example.com/x' },
      android: { uri: '//play.example.com' },
      web: { uri: 'https://example.com' },
      target: 'self',
    };
    const button = { type: 'button', title: 'x', click: { actions: [action] } };
    expect((await send(button)).status).toBe(201);
    expect(at((await visitor.events(4))[0]?.json, 'click.actions.0')).toEqual({
      ...action,
      ios: { uri: 'https://apps.example.com/x' },
      android: { uri: 'https://play.example.com' },
    });
    const nowhere = { type: 'button', title: 'x', click: { actions: [{ type: 'link', ios: {} }] } };
    expect((await send(nowhere)).message).toBe('event.json.click.actions[0].uri is required.');
    const image = { type: 'image', url: 'www.example.com/a.png' };
    expect((await send(image)).status).toBe(201);
    expect((await visitor.events(4))[0]?.json).toEqual({
      ...image,
      url: 'https://www.example.com/a.png',
    });
  });

  it.each(Object.entries(ORIGINALS))('[RICH6] the original’s own example: %s', async (_, json) => {
    expect(await send(json)).toEqual({ status: 201, message: undefined });
    const shown = (await visitor.events(4))[0]?.json;
    const expected = JSON.parse(
      JSON.stringify(json)
        .replace('"www.google.com"', '"https://www.google.com"')
        .replace(/"(ios|android|web)":\{"uri":"specific uri for \w+"\}/g, '"$1":{}'),
    );
    expect(shown).toEqual(expected);
  });

  it('[RICH4] at most 5 KiB of it', async () => {
    const of = (bytes: number) => ({ type: 'text', text: 'x'.repeat(bytes - 25) });
    expect(JSON.stringify(of(5_120)).length).toBe(5_120);
    expect((await send(of(5_120))).status).toBe(201);
    expect(await send(of(5_121))).toEqual({
      status: 400,
      message: 'event.json must be at most 5120 bytes, got 5121.',
    });
    expect((await send({ type: 'text', text: 'ü'.repeat(2_548) })).message).toBe(
      'event.json must be at most 5120 bytes, got 5121.',
    );
    expect((await send({ type: 'text', text: '👋'.repeat(1_273) })).status).toBe(201);
  });

  it('[RICH5] without rich-content as its type a line carries none', async () => {
    const bad = { type: 'image', url: 'javascript:alert(1)' };
    expect((await send(bad, { text: 'hi', textType: 'plain' })).status).toBe(201);
    expect((await visitor.events(4))[0]).toEqual(expect.not.objectContaining({ json: bad }));
  });
});
