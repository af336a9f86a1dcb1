// Appends to three accounts at once until the disk refuses, and prints what became of it as JSON.
import { openSqliteStore } from '@parley/store';

const [directory] = process.argv.slice(2);
const store = await openSqliteStore({ directory });
const accounts = ['one', 'two', 'three'];
const acknowledged = { one: 0, two: 0, three: 0 };
const data = JSON.stringify('x'.repeat(20_000));
const errors = [];
const entry = (seq) => ({ seq, at: 1, type: 't', version: 1, chatId: null, data });

for (let seq = 1; errors.length === 0; seq += 1) {
  // The second append of each account is queued while the first is in flight.
  const first = accounts.map((account) => append(account, 2 * seq - 1));
  await null;
  const second = accounts.map((account) => append(account, 2 * seq));
  await Promise.all([...first, ...second]);
}

async function append(account, seq) {
  try {
    await store.journal.append(account, [entry(seq)]);
    acknowledged[account] = seq;
  } catch (error) {
    errors.push({ account, seq, name: error.name, message: error.message });
  }
}

console.log(JSON.stringify({ acknowledged, errors, healthy: store.healthy() }));
await store.close();
