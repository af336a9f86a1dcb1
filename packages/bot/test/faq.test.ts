import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_BOT_KEY } from '@parley/server';
import { PlainVisitor } from '../../client/test/support/visitor.js';
import { DEMO_ACCOUNT, startTestServer } from '../../server/test/harness.js';
import { createBot, type Faq, faq } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'parley-faq-'));
let answers: Faq;

beforeAll(async () => {
  mkdirSync(join(folder, 'shop'));
  writeFileSync(
    join(folder, 'delivery.md'),
    '# Delivery\n\n## How long does delivery take?\n\nTwo **working days**.\n\n## What does delivery cost?\n\nNothing from 20 €.\n\n```\n# no heading\n```\n',
  );
  writeFileSync(
    join(folder, 'shop/returns.md'),
    '# Can I return a book?\n\nWithin [30 days](https://example.com/returns).\n',
  );
  answers = await faq(folder);
});

afterAll(() => rmSync(folder, { recursive: true }));

it('[BOT20] each heading with text is an answer', () => {
  expect(answers.size).toBe(3);
  expect(answers.find('What does the delivery cost?')).toEqual({
    title: 'What does delivery cost?',
    text: 'Nothing from 20 €.\n\n```\n# no heading\n```',
    html: expect.stringContaining('<p>Nothing from 20 €.</p>'),
    source: 'delivery.md',
    confidence: 1,
  });
});

it.each([
  ['how long is the delivery', 'How long does delivery take?'],
  ['Can I retrun my books?', 'Can I return a book?'],
  ['RETURN', 'Can I return a book?'],
])('[BOT20] finds the answer to "%s"', (question, title) => {
  expect(answers.find(question)?.title).toBe(title);
});

it.each([
  '',
  '???',
  'What is it?',
  'Which opening hours does your shop in Bonn have?',
  'constructor',
])('[BOT20] has no answer to "%s"', (question) => expect(answers.find(question)).toBeNull());

it('[BOT20] a folder without answers is an error', async () => {
  await expect(faq(join(folder, 'none'))).rejects.toThrow('ENOENT');
  mkdirSync(join(folder, 'empty'));
  await expect(faq(join(folder, 'empty'))).rejects.toThrow('There is no answer in');
});

it('[BOT21] a bot answers what it finds, and leaves the rest to the next handler', async () => {
  const server = await startTestServer();
  const bot = createBot({
    ...{ account: DEMO_ACCOUNT, domainApi: server.http, login: DEMO_BOT_KEY, signals: false },
    log: { debug() {}, info() {}, warn() {}, error: console.error },
  });
  bot.on('line:visitor', answers.answers, (ctx) => ctx.reply('No idea.'));
  await bot.start();
  const visitor = await PlainVisitor.start(server);
  await visitor.say('Can I return this book?');
  await visitor.say('Is it raining in Rome?');
  await vi.waitFor(
    async () => {
      const [first, second] = await visitor.texts('agent');
      expect(first).toMatch(/^<p>Within <a .*href="https:\/\/example.com\/returns".*>30 days<\/a>/);
      expect(second).toBe('No idea.');
    },
    { timeout: 8_000, interval: 30 },
  );
  await bot.stop({ within: 0 });
  await server.stop();
});
