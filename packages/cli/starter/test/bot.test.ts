/** The bot against the real server, in virtual time and without a network. */
import { test } from 'node:test';
import { simulate } from '@parley/bot/simulate';
import { makeBot } from '../src/bot.js';

test('answers from its folder, and hands over what it does not know', async () => {
  const bot = await makeBot();
  const world = await simulate({ bot, clock: '2026-03-02T09:00:00+01:00', seed: 17 });
  try {
    const ann = await world.visitor({ name: 'Ann' });
    await ann.says('What are your opening hours?');
    await world.pass('5s');
    ann
      .expect()
      .agentSaid('Hello Ann, ask me anything.')
      .agentSaid(/Monday to Friday/);
    await ann.says('Who are you?');
    await ann.says('Do you sell bread?');
    await world.pass('30s');
    ann.expect().handedOverTo('Support', { note: 'bread' });
    world.expect().noLineTwice().noLineLost().noVisitorUnanswered({ longerThan: '60s' });
  } finally {
    await world.stop();
  }
});
