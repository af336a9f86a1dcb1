/** The end of a test: every chat is brought to its end, and the journal is compared with the ledger. */
import type { AccountEvent, FeedEntry } from '@parley/engine';
import { openSqliteStore } from '@parley/store';
import { DEMO_ACCOUNT } from '../harness.js';
import type { AgentActor } from './agent.js';
import { end, readAsAgent, ringing, takeIncoming } from './agent-chat.js';
import type { Crowd } from './crowd.js';
import type { Ledger } from './ledger.js';
import type { Line } from './line.js';

/** Rounds after which a chat that nobody could end must be lost. */
const MOST_ROUNDS = 500;

/** Accepts, reads and ends chats until there are none: each of them can be accepted by somebody. */
export async function completeAll(line: Line, { ledger, agents }: Crowd): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let rings = 0;
    for (const actor of agents) {
      rings += await workOff(line, actor);
    }
    if (rings === 0 && ledger.live.length === 0) return;
  }
  const names = ledger.live.map(({ name, holder }) => `${name} (last with ${holder})`);
  ledger.wrong(`these chats could not be brought to their end: ${names.join(', ')}`);
}

/** Ends what the agent has and takes the next chat; answers how many ring. */
async function workOff(line: Line, actor: AgentActor): Promise<number> {
  if (actor.standing.at === 'home') await actor.logIn(line);
  if (actor.standing.at === 'desk') await actor.openSession(line);
  if (actor.standing.at !== 'work') {
    actor.wrong('could not go to work');
    return 0;
  }
  const { login, place } = actor.standing;
  const online = { ...login, body: { availability: { chat: 'Online' } } };
  await line.send('PUT', `${place.path}/availability?v=1`, online);
  for (const [id, work] of place.chats) {
    if (work.chat.endedAt === null) await end(actor, line, login, place, work);
    await readAsAgent(actor, line, login, place, work, 0);
    place.chats.delete(id);
  }
  await takeIncoming(actor, line, login, place);
  return (await ringing(line, login, place)) ?? 0;
}

/** Compares what the journal holds with all that clients were told. */
export async function checkJournal(dataDir: string, ledger: Ledger): Promise<void> {
  const store = await openSqliteStore({ directory: dataDir });
  try {
    for (const chat of ledger.chats.values()) {
      const { entries } = await store.journal.readChat(DEMO_ACCOUNT, chat.id);
      const events = entries.map((entry): AccountEvent => JSON.parse(entry.data));
      chat.checkFeed(
        events.flatMap((event): readonly FeedEntry[] => ('feed' in event ? event.feed : [])),
      );
    }
  } finally {
    await store.close();
  }
}
