// Strangers who bring as much as they may, each kind of it, from some addresses of this machine.
// Driven by IPC: `{fill: kind, bytes, refusals, seconds}` brings one kind as fast as it can, until so much
// of it is sent and so often it is refused, and no longer than this; `{mix: perSecond, seconds}` all
// kinds in turn at a fixed pace. Answers `{statuses, bytes}`: how often each status was answered, and
// what was sent.
import { connect } from 'node:net';
import { setPriority } from 'node:os';

// Elsewhere they would have processors of their own; here they must not take that of who measures.
setPriority(10);
process.on('disconnect', () => process.exit(0));

const { port, account, key, addresses } = JSON.parse(process.argv[2] ?? '{}');
const BASE = `/api/account/${account}`;
const KEY = `Authorization: LivePerson appKey=${key}\r\n`;

/** JSON writes each of these as six bytes. */
const ESCAPED = '\\u0001';
const long = (length) => ESCAPED.repeat(length);

let serial = 0;
const next = () => {
  serial += 1;
  return serial;
};

const url = `https://a.example/${'x'.repeat(1_900)}`;
const pages = () =>
  Array.from(
    { length: 14 },
    () => `{"id":"p${next()}","url":"${url}","title":"${long(300)}"}`,
  ).join(',');
const lines = (count) => Array.from({ length: count }, () => `"${long(1_500)}"`).join(',');
const variables = () =>
  Array.from({ length: 8 }, () => `{"name":"v${next()}","value":"${long(990)}"}`).join(',');
const answers = () => `{"survey":{"question":[{"id":1,"answer":"${long(1_900)}"}]}}`;

/** What is asked, by kind, given the chat that this connection has. */
const KINDS = {
  visits: () => ['POST', `${BASE}/app/engagement/visitors?v=1.0`, `{"pages":[${pages()}]}`],
  attributes: () => [
    'POST',
    `${BASE}/app/engagement/visitors?v=1.0`,
    `{"engagementAttributes":[${Array.from({ length: 40 }, () => `{"type":"ctmrinfo","info":{"userName":"${long(190)}"}}`).join(',')}]}`,
  ],
  chats: () => ['POST', `${BASE}/chat/request`, `{"request":{"preChatLines":[${lines(6)}]}}`],
  surveys: () => ['PUT', `${BASE}/chat/offlineSurvey`, answers()],
  lines: (chat) => ['POST', `${chat}/events`, `{"event":{"@type":"line","text":"${long(7_900)}"}}`],
  variables: (chat) => [
    'PUT',
    `${chat}/customVariables`,
    `{"customVariables":{"customVariable":[${variables()}]}}`,
  ],
  names: (chat) => [
    'PUT',
    `${chat}/info/visitorName`,
    `{"visitorName":"${next()} ${'\\"'.repeat(40)}"}`,
  ],
  exitSurveys: (chat) => ['PUT', `${chat}/exitSurvey`, answers()],
  mails: (chat) => ['PUT', `${chat}/transcriptRequest`, `{"email":"m${next()}@example.com"}`],
  typing: (chat) => ['PUT', `${chat}/info/visitorTyping`, '{"visitorTyping":"typing"}'],
};

/** What is begun and never finished, by kind: the text that each of many connections sends. */
const UNFINISHED = {
  bodies: `POST ${BASE}/chat/request HTTP/1.1\r\nHost: a\r\n${KEY}Content-Length: 60001\r\n\r\n${' '.repeat(60_000)}`,
  heads: `POST ${BASE}/chat/request HTTP/1.1\r\nHost: a\r\n${KEY}${Array.from({ length: 180 }, (_, n) => `X-${n}: ${'x'.repeat(70)}\r\n`).join('')}`,
};
const UNFINISHED_PER_ADDRESS = { bodies: 100, heads: 240 };

/** A connection from one of the addresses; one request at a time. */
class Connection {
  #socket;
  #received = '';
  #answered = () => {};
  #failed = () => {};

  constructor(localAddress) {
    this.#socket = connect({ port, host: '127.0.0.1', localAddress });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (data) => {
      this.#received += data;
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.#received.slice(0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (this.#received.length < end + 4 + length) return;
      this.#received = this.#received.slice(end + 4 + length);
      this.#answered({
        status: head.slice(9, 12),
        location: /\r\nlocation: (\S+)/i.exec(head)?.[1] ?? null,
      });
    });
    const failed = () => this.#failed(new Error('cut'));
    this.#socket.on('error', failed).on('close', failed);
  }

  ask([method, path, body]) {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      const length = Buffer.byteLength(body);
      this.#socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: a\r\n${KEY}Content-Length: ${length}\r\n\r\n${body}`,
      );
    });
  }
}

/** Each keeps its chat from one kind to the next. */
const places = addresses.map((address) => ({
  address,
  connection: new Connection(address),
  chat: null,
}));

let statuses = {};
let bytes = 0;
const count = (status) => {
  statuses[status] = (statuses[status] ?? 0) + 1;
};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** One request of a kind; of those that are about a chat, the first may only begin one. */
async function bring(place, kind) {
  const { connection } = place;
  try {
    if (KINDS[kind].length > 0 && place.chat === null) {
      const { status, location } = await connection.ask(['POST', `${BASE}/chat/request`, '{}']);
      if (location === null) {
        count(status);
        await sleep(20);
        return;
      }
      place.chat = new URL(location).pathname;
    }
    const request = KINDS[kind](place.chat);
    bytes += request[2].length;
    const { status } = await connection.ask(request);
    count(status);
    if (status === '404') place.chat = null;
  } catch {
    count('cut');
    place.connection = new Connection(place.address);
  }
}

const REFUSED = ['408', '409', '429', '503', 'cut'];

function isEnough(wanted) {
  const refused = REFUSED.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  return bytes >= wanted.bytes && refused >= wanted.refusals;
}

/** All bring one kind, as fast as they get answers. */
async function fill(kind, wanted) {
  const until = performance.now() + wanted.seconds * 1_000;
  const goOn = async (place) => {
    while (performance.now() < until && !isEnough(wanted)) await bring(place, kind);
  };
  await Promise.all(places.map(goOn));
}

/** All kinds in turn, so many requests per second in all. */
async function mix(perSecond, seconds) {
  const kinds = Object.keys(KINDS);
  const until = performance.now() + seconds * 1_000;
  const pause = (1_000 * places.length) / perSecond;
  const goOn = async (place, index) => {
    await sleep((pause * index) / places.length);
    for (let n = index; performance.now() < until; n += 1) {
      const next = performance.now() + pause;
      await bring(place, kinds[n % kinds.length]);
      await sleep(Math.max(0, next - performance.now()));
    }
  };
  await Promise.all(places.map(goOn));
}

/** Many connections begin something, and are dropped in the end. */
async function begin(kind, wanted) {
  const until = performance.now() + wanted.seconds * 1_000;
  const sockets = [];
  for (let n = 0; n < UNFINISHED_PER_ADDRESS[kind]; n += 1) {
    for (const localAddress of addresses.slice(0, 10)) {
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      let isOver = false;
      const over = (status) => {
        if (!isOver) count(status);
        isOver = true;
      };
      socket.setEncoding('latin1').on('data', (data) => over(data.slice(9, 12)));
      socket.on('error', () => {}).on('close', () => over('cut'));
      socket.write(UNFINISHED[kind]);
      bytes += UNFINISHED[kind].length;
      sockets.push(socket);
    }
    await sleep(5);
  }
  while (performance.now() < until && !isEnough(wanted)) await sleep(20);
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
}

process.on('message', async ({ fill: kind, mix: perSecond, ...wanted }) => {
  statuses = {};
  bytes = 0;
  if (perSecond !== undefined) await mix(perSecond, wanted.seconds);
  else if (kind in UNFINISHED) await begin(kind, wanted);
  else await fill(kind, wanted);
  process.send?.({ statuses, bytes });
});
