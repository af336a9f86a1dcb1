// Holds a data directory as a server does, until it is killed.
import { openSqliteStore } from '@parley/store';

const [directory] = process.argv.slice(2);
await openSqliteStore({ directory, exclusive: true });
console.log('open');
setInterval(() => {}, 60_000);
