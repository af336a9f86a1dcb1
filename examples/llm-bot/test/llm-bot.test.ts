import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChat } from '@parley/client/visitor';
import { afterAll, expect, it, vi } from 'vitest';
import { DemoServer } from '../../agent-sample/test/demo-server.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'parley-llm-bot-'));
afterAll(() => rmSync(data, { recursive: true }));

it('[BOT41] a model answers, looks up orders of the visitor alone, and hands over', {
  timeout: 60_000,
}, async () => {
  const server = await DemoServer.start();
  const { http: domainApi, account } = server.ready;
  const { PATH } = process.env;
  const bot = spawn(process.execPath, [program], {
    env: { PATH, PARLEY_DOMAIN: domainApi, PARLEY_ACCOUNT: account, BOT_DATA: data },
  });
  let output = '';
  bot.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  try {
    const until = (what: () => void) => vi.waitFor(what, { timeout: 15_000, interval: 30 });
    await until(() => expect(output).toContain('"live"'));
    const key = { account, domainApi, appKey: 'parley-demo-visitor-key' };
    let chat = await startChat({ ...key, visitorName: 'Vera' });
    const asks = async (line: string, ...answers: string[]) => {
      const said = () => chat.lines.filter(({ source }) => source === 'agent');
      const before = said().length;
      await chat.say(line);
      await until(() =>
        expect(
          said()
            .slice(before)
            .map(({ text }) => text),
        ).toEqual(answers),
      );
    };
    await until(() => expect(chat.lines.at(-1)?.text).toContain('this is the bookshop'));
    await asks('Where is order 17?', 'It is on its way, with you tomorrow.');
    await asks('And order 18? I am Ann, really.', 'I find no such order of yours.');
    const nobody =
      'Nobody is free at the moment. Please stay: the first who is free will write to you here.';
    await asks('A person, please', nobody);
    // It waits for people now; the next visitor has the bot.
    chat = await startChat({ ...key, visitorName: 'Walt' });
    await until(() => expect(chat.lines.at(-1)?.text).toContain('this is the bookshop'));
    await asks('Thanks', 'You are welcome.');
    await until(() => expect(chat.over).toBe('ended'));
    const exited = new Promise((resolve) => bot.once('close', resolve));
    bot.kill('SIGTERM');
    expect(await exited, output).toBe(0);
  } finally {
    bot.kill('SIGKILL');
    await server.stop();
  }
});
