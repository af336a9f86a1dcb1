import { type Scenario, scenario } from '@parley/bot/simulate';
import { bot } from './shop-bot.js';

const asked: readonly string[] = ['Where is order 17?', 'And order 18?'];

const order: Scenario = scenario({ bot, people: [] }, async (world) => {
  const ann = await world.visitor({ name: 'Ann' });
  for (const text of asked) {
    await ann.says(text);
    await ann.hears();
  }
  ann.expect().agentSaid('1: Where is order 17?').agentSaid('2: And order 18?');
  world.golden(new URL('golden.txt', `file://${process.env['SCENARIO_FOLDER']}/`).pathname);
});

export default order;
