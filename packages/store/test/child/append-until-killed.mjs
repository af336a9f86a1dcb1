// Serves a data directory and appends to the journals of a few accounts, three entries at a time,
// several appends at once, until it is killed. Prints "<account> <seq>" for all that was acknowledged.
import { writeSync } from 'node:fs';
import { openSqliteStore } from '@parley/store';

const [directory] = process.argv.slice(2);
const store = await openSqliteStore({ directory, exclusive: true });
writeSync(1, 'open\n');

async function endOf(accountId) {
  let end = 0;
  const journal = await store.journal.load(accountId);
  for await (const { reached } of journal.entriesAfter(null)) end = reached;
  return end;
}

async function fill(accountId) {
  let end = await endOf(accountId);
  for (;;) {
    const round = [];
    for (let index = 0; index < 4; index += 1) {
      const entries = [1, 2, 3].map((step) => ({
        seq: end + step,
        at: 1,
        type: 'chat.line',
        version: 1,
        chatId: 'c',
        data: JSON.stringify({ text: 'x'.repeat(200) }),
      }));
      const last = end + 3;
      end = last;
      const appended = store.journal.append(accountId, entries);
      round.push(appended.then(() => writeSync(1, `${accountId} ${last}\n`)));
    }
    await Promise.all(round);
  }
}

await Promise.all(['one', 'two', 'three'].map(fill));
