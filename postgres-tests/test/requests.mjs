/** One request of each kind at least, in an order in which each finds what it works on. */

const A = 'brand';

const login = (letter, rest = {}) => ({
  ...{ bearerHash: letter.repeat(64), cookieHash: 'c'.repeat(64), csrfHash: 'd'.repeat(64) },
  ...{ userId: 7, createdAt: 1_000, expiresAt: 5_000, ttl: 4_000, ...rest },
});

const audit = (at) => ({
  ...{ at, actor: 'cli', action: 'test', target: 't', from: 'here', detail: '{}' },
});

/** Values of entries: `[type, chat, data]` of each, from a position on. */
function append(from, ...entries) {
  const values = entries.flatMap(([type, chatId, data], index) => [
    ...[from + index, 1_000 + from + index, type, 1, chatId, JSON.stringify(data)],
  ]);
  return { do: 'append', accountId: A, epoch: null, values };
}

const began = (chatId, visitorId) => [
  ...['chat.requested', chatId, { type: 'chat.requested', chatId, visitor: { visitorId } }],
];
const ended = (chatId) => ['chat.ended', chatId, { type: 'chat.ended', chatId }];
const line = (chatId, text) => ['chat.line', chatId, { text }];

const answered = (key, at, most = 2) => ({
  ...{ key, caller: 7, body: 'b', at, answer: '{}', most, lifeMs: 1_000, minLifeMs: 10 },
});

const write = (...changes) => ({ do: 'writeConfig', accountId: A, write: { changes } });
const create = (nameKey, data = '{}', rest = {}) => ({
  ...{ op: 'create', kind: 'users', nameKey, data, ...rest },
});

const takeSnapshot = (snapshot, seq) => [
  { do: 'beginSnapshot', accountId: A, seq, at: 1, version: 1 },
  { do: 'writePieces', accountId: A, snapshot, first: 1, pieces: ['one', 'two'] },
  { do: 'finishSnapshot', accountId: A, snapshot, pieces: 2, chars: 6, ofPieces: 'x' },
  { do: 'prunePieces', accountId: A },
];

export const readsAfter = [
  ...['openJournal', 'cursor', 'erasuresUnderWay', 'listSnapshots', 'projectionsBehind'],
  ...['checkRecords', 'loadConfig', 'getAccount', 'lease'],
]
  .flatMap((ask) => [A, 'nobody'].map((accountId) => ({ ask, accountId, name: 'mine' })))
  .concat([
    { ask: 'piecePage', accountId: A, snapshot: 3, after: 0, limit: 4 },
    { ask: 'chatPage', accountId: A, chatId: 'c1', after: 0, limit: 9 },
    { ask: 'findPage', accountId: A, after: 0, span: 99, types: ['chat.line'], holding: ['ö'] },
    { ask: 'journalPortion', accountId: A, after: 2, limit: 50 },
    { ask: 'standing' },
    { ask: 'expiredLeases', limit: 9 },
    { ask: 'chatsOfVisitor', accountId: A, visitorId: 'vera', limit: 9 },
    { ask: 'checkChats', accountId: A, after: '', limit: 9 },
    { ask: 'checkChatEntries', accountId: A, after: '', limit: 9 },
    { ask: 'checkAudit', accountId: A, after: 0, limit: 9 },
    { ask: 'changedConfig', accountId: A, known: { users: 1 } },
    { ask: 'listConfig', accountId: A, kind: 'users', scope: { show: 'changed', after: 0 } },
    { ask: 'configHolding', kind: 'users', text: 'find me' },
    { ask: 'configHolding', kind: 'users', text: '%_' },
    { ask: 'answeredRequest', accountId: A, key: 'three' },
    { ask: 'audit', accountId: A, before: 99, limit: 9 },
    { ask: 'listAccounts' },
    { ask: 'loadLogins', accountId: A, now: 0 },
  ]);

export const requests = [
  { do: 'createAccount', accountId: A, createdAt: 1 },
  { do: 'createAccount', accountId: A, createdAt: 2 },
  { do: 'createAccount', accountId: 'Zeta', createdAt: 2 },
  write(create('ann'), create('Bob', '{"text":"find me, ünïcode 😀"}'), create(null)),
  write(create('ann')),
  write({ op: 'update', kind: 'users', id: 1, nameKey: 'eve', data: '{"a":1}' }),
  write({ op: 'delete', kind: 'users', id: 2 }, create('Bob')),
  write({ op: 'delete', kind: 'users', id: 2 }),
  ...[answered('one', 5), answered('two', 30), answered('three', 60), answered('four', 61)].map(
    (each) => ({
      do: 'writeConfig',
      accountId: A,
      write: { changes: [], audit: [audit(each.at)], answered: each },
    }),
  ),
  { ask: 'answeredRequest', accountId: A, key: 'unknown' },
  ...['a', 'b', 'e', 'f'].map((each) => ({ do: 'putLogin', accountId: A, login: login(each) })),
  { do: 'putLogin', accountId: A, login: login('a', { expiresAt: 9_000, signedOutAt: 5 }) },
  { do: 'putLogin', accountId: A, login: login('9', { userId: 8 }) },
  { do: 'deleteLogin', accountId: A, bearerHash: 'b'.repeat(64) },
  { do: 'deleteLoginsOfUser', accountId: A, userId: 8 },
  { do: 'purgeLogins', accountId: A, now: 5_000 },
  append(1, began('c1', 'vera'), line('c1', 'hällo'), began('c2', 'vera'), line('c2', 'a')),
  append(5, ended('c1'), began('c3', 'wim'), ['session.opened', null, { who: 'ann' }]),
  append(3, line('c1', 'too late')),
  append(99, line('c1', 'a gap')),
  ...takeSnapshot(1, 7),
  append(8, line('c2', 'b')),
  ...takeSnapshot(2, 8),
  append(9, line('c2', 'c')),
  ...takeSnapshot(3, 9),
  { do: 'beginSnapshot', accountId: A, seq: 2, at: 1, version: 1 },
  { do: 'forgetSnapshots', accountId: A, ids: [2] },
  { do: 'prunePieces', accountId: A },
  { do: 'advanceCursor', accountId: A, name: 'mine', seq: 4 },
  { do: 'advanceCursor', accountId: A, name: 'mine', seq: 5 },
  { do: 'putRest', accountId: A, rest: { seq: 9, dueAt: 77 } },
  { ask: 'standing' },
  {
    do: 'erase',
    accountId: A,
    erasure: {
      entries: [{ seq: 2, data: '{}' }],
      chats: ['c3'],
      until: 2,
      begins: { visitorId: 'wim', data: '{}' },
    },
  },
  {
    do: 'erase',
    accountId: A,
    erasure: { entries: [], begins: { visitorId: 'vera', data: '{"x":1}' } },
  },
  { ask: 'standing' },
  { ask: 'erasuresUnderWay', accountId: A },
  { do: 'erase', accountId: A, erasure: { entries: [], ends: 'wim' } },
  { do: 'beginRebuild', accountId: A, name: 'chats-by-visitor' },
  { ask: 'projectionsBehind', accountId: A },
  { ask: 'chatsOfVisitor', accountId: A, visitorId: 'vera', limit: 9 },
  { do: 'emptyProjection', accountId: A, name: 'chats-by-visitor' },
  { do: 'projectOn', accountId: A, name: 'chats-by-visitor', from: 0, span: 3 },
  { do: 'projectOn', accountId: A, name: 'chats-by-visitor', from: 3, span: 99 },
  { do: 'projectOn', accountId: A, name: 'chats-by-visitor', from: 3, span: 99 },
  { do: 'recountChat', accountId: A, chatId: 'c1', was: null, tally: { count: 1, sum: 'x' } },
  { do: 'takeLease', accountId: A, owner: 'me', forMs: 60_000 },
  { do: 'takeLease', accountId: A, owner: 'other', forMs: 60_000 },
  { do: 'takeLease', accountId: 'Zeta', owner: 'gone', forMs: 0 },
  { do: 'renewLeases', owner: 'me', forMs: 60_000 },
  { do: 'releaseLease', accountId: A, owner: 'me', epoch: 1 },
  // Its epoch is another one.
  { ...append(10, line('c1', 'stale')), epoch: 1 },
  {
    do: 'acceptLoss',
    accountId: A,
    acceptance: {
      ...{ recorded: null, last: 9, losses: [], end: { seq: 9, chain: 'x' }, forget: [] },
      audit: audit(9),
    },
  },
  {
    do: 'acceptLoss',
    accountId: 'lossy',
    acceptance: {
      ...{ recorded: null, last: 0, end: { seq: 2, chain: 'x' }, forget: [1] },
      losses: [{ seq: 1, until: 2, resume: { seq: 2, chain: 'x' } }],
      audit: audit(9),
    },
  },
  { ask: 'findPage', accountId: 'lossy', after: 0, span: 99, types: ['t'], holding: null },
  { do: 'settleRecords', accountId: A, records: ['logins', 'retries', 'erasures'] },
];
