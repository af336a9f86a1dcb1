import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAgent } from '@parley/client/agent';
import { startChat } from '@parley/client/visitor';
import { createBot } from '@parley/bot';
import { expect, it, vi } from 'vitest';
import { DEMO_ACCOUNT, DEMO_BOT_KEY, startServer } from '@parley/server';
import { Mask } from '../src/record/mask.js';
import { newFolder, parley, parleyHere } from './parley.js';

const BOT = `import { createBot } from '@parley/bot';
export const bot = createBot({
  account: '12345678', domainApi: 'http://localhost', login: { username: 'bot1', password: 'x' },
});
bot.on('chat:start', (ctx) => ctx.reply(\`Hello \${ctx.visitor.name}.\`));
bot.on('line:visitor', (ctx) => /person/.test(ctx.line.text)
  ? ctx.handOver({ skill: 'Support' })
  : ctx.reply(\`You said: \${ctx.line.text}\`));
`;

it('[BOT62] a recorded chat passes as a scenario, without what identifies its people', {
  timeout: 60_000,
}, async () => {
  const folder = await newFolder();
  const dataDir = join(folder, 'data');
  const server = await startServer({
    ...{ dataDir, httpPort: 0, httpsPort: null, demo: true, logLevel: 'silent' },
  });
  const place = { account: DEMO_ACCOUNT, domainApi: server.http };
  const bot = createBot({ ...place, login: DEMO_BOT_KEY, signals: false });
  bot.on('chat:start', (ctx) => ctx.reply(`Hello ${ctx.visitor.name}.`));
  bot.on('line:visitor', (ctx) =>
    /person/.test(ctx.line.text)
      ? ctx.handOver({ skill: 'Support' })
      : ctx.reply(`You said: ${ctx.line.text}`),
  );
  await bot.start();
  const chat = await startChat({
    ...{ ...place, appKey: 'parley-demo-visitor-key', skill: 'Sales', visitorName: 'Vera Wolf' },
  });
  const answered = (text: string) =>
    vi.waitFor(() => expect(chat.lines.at(-1)?.text).toContain(text), 10_000);
  await answered('Hello Vera Wolf.');
  const agent = await connectAgent({
    ...{ ...place, login: { username: 'agent1', password: 'parley-demo' } },
  });
  const said = 'vera here, vera@wolf.example. Where is order 17? `${x}` */ "q"';
  await chat.say(said);
  await answered('You said: vera here');
  await chat.say('A person, please');
  for await (const offer of agent.offers()) {
    const taken = await offer.accept();
    await taken?.say('This is Anna, what can I do?');
    break;
  }
  await answered('This is Anna');
  await chat.end();
  // Beside the running server.
  const recorded = await parleyHere(['record', '--chat', chat.id, '--data-dir', dataDir]);
  const audit = await parleyHere([
    'account',
    'audit',
    DEMO_ACCOUNT,
    '--data-dir',
    dataDir,
    '--json',
  ]);
  const [entry] = JSON.parse(audit.out) as readonly object[];
  expect(entry).toMatchObject({ action: 'chat.read', target: `chat:${chat.id}` });
  await agent.close();
  await bot.stop({ within: 0 });
  await server.close();

  expect(recorded).toMatchObject({ code: 0, err: '' });
  const script = recorded.out;
  for (const identifying of ['Vera', 'vera', 'Wolf', 'wolf', 'order 17', 'Anna']) {
    expect(script).not.toContain(identifying);
  }
  expect(script).toContain('order 01? `${x}` */');
  expect(script).toContain('visitor.expect().handedOverTo("Support");');

  // Where its packages are found.
  const place2 = new URL('./scenarios/', import.meta.url);
  const name = `recorded-${process.pid}`;
  const files = [`${name}.scenario.ts`, `${name}-bot.ts`].map(
    (file) => new URL(file, place2).pathname,
  );
  const { rm } = await import('node:fs/promises');
  try {
    const again = await parleyHere([
      ...['record', '--chat', chat.id, '--data-dir', dataDir, '--account', DEMO_ACCOUNT],
      ...['--bot', `./${name}-bot.js`],
    ]);
    writeFileSync(files[0] ?? '', again.out);
    writeFileSync(files[1] ?? '', BOT);
    const passed = await parley(['simulate', files[0] ?? '']);
    expect(passed, passed.err).toMatchObject({ code: 0 });
    expect(passed.out).toContain('passed');
    writeFileSync(files[1] ?? '', BOT.replace('You said', 'They said'));
    const failed = await parley(['simulate', files[0] ?? '']);
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining('You said')]);
  } finally {
    for (const file of files) await rm(file, { force: true });
  }
});

it('[BOT62] a chat that is not there is an error that says where to look', async () => {
  const folder = await newFolder();
  const bad = await parleyHere(['record', '--chat', 'H1', '--data-dir', folder]);
  expect([bad.code, bad.err]).toEqual([1, expect.stringContaining('"H1" is no chat id')]);
});

it.each([
  ['write to Ann.Lee+x@mail.example.org', 'write to mail1@example.com'],
  [
    'Ann lives at 12 Old Mill Lane, call +44 20 7946 0958',
    'Alex lives at 1 Example Street, call +00 000 000001',
  ],
  ['Hauptstraße 5a, 10115 Berlin', '1 Example Street, 00001 Exampletown'],
  ['14, rue de la Paix', '1 Example Street'],
  ['card 4111 1111 1111 1111, thanks', 'card 0000 0000 0000 0001, thanks'],
  ['IBAN DE89 3704 0044 0532 0130 00', 'IBAN XX00 0000 0000 0001'],
  ['order number: AB-1234 and Order 17', 'order number: XX-0001 and Order 02'],
  ['(555) 123-4567 or 0171/2345678', '+00 000 000001 or +00 000 000002'],
  ['my IP is 10.1.2.3', 'my IP is 192.0.2.1'],
  ['4711-0815 again 4711-0815', '0000-0001 again 0000-0001'],
  ['Hi, my name is Bob Stone. Bob!', 'Hi, my name is Name 1. Name 1!'],
])('[BOT63] masked: %s', (text, masked) => {
  const mask = new Mask([{ name: 'Ann', instead: 'Alex' }]);
  mask.learn(text);
  expect(mask.text(text)).toBe(masked);
});

it.each([
  'It is 17 days on the way, since 2024',
  'my name is not important, this is fine',
  'Two for 19.99 at 10:30 on 2026-03-02',
  'Does Annabel fit?',
])('[BOT63] left as it is: %s', (text) => {
  const mask = new Mask([{ name: 'Ann', instead: 'Alex' }]);
  mask.learn(text);
  expect(mask.text(text)).toBe(text);
});
