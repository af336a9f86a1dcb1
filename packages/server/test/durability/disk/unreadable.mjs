/**
 * On a disk that refuses every read for a while: fills a database, empties its log, reads its rows; then
 * writes to a store. Prints what became of each. `unreadable.mjs FOLDER WEATHER-FILE`
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../../../store/dist/index.js';
import { Connection } from '../../../../store/dist/sqlite/connection.js';
import { repairPages } from '../../../../store/dist/sqlite/pages/repair-pages.js';

const [folder = '', weatherFile = ''] = process.argv.slice(2);
const path = join(folder, 'parley.db');
const ROWS = 500;

/** @param {number} reads of a million, how many fail */
function weather(reads) {
  writeFileSync(weatherFile, Uint32Array.of(0, 0, 0, reads), { flag: 'r+' });
}

/** @param {() => unknown} work */
function outcomeOf(work) {
  try {
    return work();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : String(error);
  }
}

const emptyLog = 'pragma wal_checkpoint(passive)';
const connection = new Connection(path, 1_000);
connection.execute(
  'pragma journal_mode = wal; create table line (n integer primary key, text text)',
);
connection.execute(emptyLog);
connection.execute('begin');
for (let n = 0; n < ROWS; n += 1) {
  connection.run('insert into line values ($1, $2)', [n, `line ${n} `.repeat(40)]);
}
connection.execute('commit');

weather(1_000_000);
const refused = outcomeOf(() => connection.all(emptyLog));
const unread = outcomeOf(() => new Connection(path, 1_000).all('select n from line'));
const repaired = outcomeOf(() => repairPages(folder, 1_000));
weather(0);
const emptied = outcomeOf(() => connection.all(emptyLog).length);
const sound = connection.first('pragma integrity_check');
const { rows } = connection.first('select count(*) as rows from line') ?? {};

/** @type {(string | null)[]} */
const heard = [];
const onCheckpoint = (/** @type {Error | null} */ failure) => heard.push(failure?.message ?? null);
const store = await openSqliteStore({ directory: join(folder, 'store'), onCheckpoint });
let position = 0;
/** @param {number} count */
async function writeUntilHeard(count) {
  for (let tries = 0; heard.length < count && tries < 100_000; tries += 1) {
    position += 1;
    await store.cursors.advance('12345678', 'test', position);
  }
}
weather(1_000_000);
await writeUntilHeard(1);
weather(0);
await writeUntilHeard(2);
// Who writes is not held up by what is said meanwhile.
await store.cursors.advance('12345678', 'test', position);
const isKept = (await store.cursors.read('12345678', 'test')) === position;
await store.close();
console.log(JSON.stringify({ refused, unread, repaired, emptied, sound, rows, heard, isKept }));
