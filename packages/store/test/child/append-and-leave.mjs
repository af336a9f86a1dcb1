// Appends to a journal and reaches its end without closing the store.
import { openSqliteStore } from '@parley/store';

const [directory] = process.argv.slice(2);
const store = await openSqliteStore({ directory, exclusive: true });
let acknowledged = 0;
for (let seq = 1; seq <= 50; seq += 1) {
  const entry = { seq, at: 1, type: 't', version: 1, chatId: null, data: '{}' };
  void store.journal.append('brand', [entry]).then(() => {
    acknowledged += 1;
    if (acknowledged === 50) console.log(`acknowledged ${acknowledged}`);
  });
}
