import { connectAdministration } from '@parley/client/administration';
import { connectAgent } from '@parley/client/agent';
import { startChat } from '@parley/client/visitor';
import { expect, it, vi } from 'vitest';
import { newFolder, parleyHere, start } from './parley.js';

it('[BOT60] --bots: the demo’s bot answers in its shop, hands over, and stops with the server', {
  timeout: 60_000,
}, async () => {
  const folder = await newFolder();
  const ports = ['--http-port', '0', '--https-port', '0'];
  const server = start(['serve', '--demo', '--bots', '--data-dir', folder, ...ports]);
  await server.says('Ctrl-C stops the server');
  expect(server.out).toContain('"How long does delivery take?"');
  // A chat of the walk with curl would ring at the bot.
  expect(server.out).not.toContain('call() {');
  const [, domainApi = ''] = /HTTP {3}(\S+)/.exec(server.out) ?? [];
  const chat = await startChat({
    ...{ account: '12345678', domainApi, appKey: 'parley-demo-visitor-key' },
    ...{ visitorName: 'Vera', skill: 'Sales' },
  });
  const last = () => chat.lines.findLast(({ source }) => source === 'agent')?.text;
  const says = async (line: string, answer: RegExp) => {
    await chat.say(line);
    await vi.waitFor(() => expect(last()).toMatch(answer), { timeout: 15_000, interval: 30 });
  };
  await says('How long is the delivery?', /three to five working days/);
  await says('Does Dune suit a bathroom?', /in other words/);
  await says('A person, please', /Nobody is free at the moment/);
  // A person takes the chat that was to be handed over, and asks the listener in.
  const login = { username: 'agent1', password: 'parley-demo' };
  const agent = await connectAgent({ account: '12345678', domainApi, login });
  for await (const offer of agent.offers()) {
    const taken = await offer.accept();
    const tips: string[] = [];
    taken?.on('suggestion', ({ text }) => tips.push(text));
    const { items } = await listed(domainApi);
    const { id } = items.find(({ loginName }) => loginName === 'tips1') ?? { id: 0 };
    await taken?.invite({ agentId: id }, { role: 'listener' });
    await vi.waitFor(
      () => expect(JSON.stringify(taken?.history)).toContain('I listen, and know'),
      15_000,
    );
    await chat.say('Which lamp is rechargeable?');
    await vi.waitFor(() => expect(tips.join()).toContain('USB-C'), 15_000);
    break;
  }
  expect(chat.lines.map(({ text }) => text).join()).not.toContain('USB-C');
  await agent.close();
  server.child.kill('SIGTERM');
  expect(await server.ended).toMatchObject({ code: 0 });
});

async function listed(domainApi: string) {
  const admin = await connectAdministration({
    ...{ account: '12345678', domainApi },
    login: { username: 'admin1', password: 'parley-demo' },
  });
  const users = await admin.users.list();
  await admin.close();
  return users;
}

it('[BOT60] --bots without the demo account is refused', async () => {
  const { code, err } = await parleyHere(['serve', '--bots']);
  expect([code, err]).toEqual([1, expect.stringContaining('Add --demo')]);
});
