/** Rich-content lines carry cards that are checked before anyone sees them (agent.md, end). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AgentChat, type Visitor, World } from './chat-world.js';
import { at } from './harness.js';

let world: World;
let chat: AgentChat;
let visitor: Visitor;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.clear());
afterAll(() => world.stop());

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

async function send(json: unknown, more: Readonly<Record<string, unknown>> = {}) {
  ({ chat, visitor } = await world.chat());
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
      'event.json.type must be one of vertical, horizontal, carousel, list, section, text, image, button, map, got "video".',
    ],
    [{ type: 'text' }, 'event.json.text is required.'],
    [{ type: 'vertical' }, 'event.json.elements is required.'],
    [{ type: 'vertical', elements: {} }, 'event.json.elements must be a list, got {}.'],
    [
      { type: 'vertical', elements: [text, { type: 'button', title: 7 }] },
      'event.json.elements[1].title must be a text, got 7.',
    ],
    [{ type: 'map', lo: 181, la: 0 }, 'event.json.lo must be a number from -180 to 180, got 181.'],
    [{ ...text, rtl: 'yes' }, 'event.json.rtl must be true or false, got "yes".'],
    [{ ...text, style: 'color:red' }, 'event.json.style must be an object, got "color:red".'],
    [
      { ...text, click: { actions: [{ type: 'run' }] } },
      'event.json.click.actions[0].type must be one of link, navigate, publishText, got "run".',
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
    7,
  ])('[RICH3] links and pictures lead to no %s', async (uri) => {
    const shown = JSON.stringify(uri);
    expect((await send({ type: 'image', url: uri })).message).toBe(
      `event.json.url must be an address with https: or http:, got ${shown}.`,
    );
    const click = { actions: [{ type: 'link', uri }] };
    expect((await send({ type: 'button', title: 'x', click })).message).toBe(
      `event.json.click.actions[0].uri must be an address with https:, http:, mailto: or tel:, got ${shown}.`,
    );
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
