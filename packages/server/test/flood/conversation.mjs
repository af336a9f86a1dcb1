// Two people who talk with each other over a server, and how long each of their round trips takes.
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Between two lines, ms: far more often than people write. */
const PAUSE_MS = 10;

/** Asks once; @returns status, location, and the body as JSON where it is some. */
export function ask(agent, method, url, authorization, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization,
    ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent });
    request.on('error', reject);
    request.on('response', (response) => {
      let received = '';
      response.setEncoding('utf8').on('data', (data) => {
        received += data;
      });
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status, headers: answered } = response;
        const json = received.startsWith('{') ? JSON.parse(received) : {};
        resolve({ status, location: answered.location ?? '', json, length: received.length });
      });
    });
    request.end(text);
  });
}

/** Repeats what it is asked to do, and notes how long it took, ms. */
class Repeated {
  #times = [];
  #going = true;
  #done;
  /** A keep-alive connection for each side, as a browser and a workspace have. */
  agent = new Agent({ keepAlive: true, maxSockets: 4 });

  begin() {
    this.#done = this.#goOn();
    // It is looked at in the end.
    this.#done.catch(() => {});
    return this;
  }

  async #goOn() {
    while (this.#going) {
      await this.turn();
      await sleep(PAUSE_MS);
    }
  }

  async timed(...call) {
    const before = performance.now();
    const answer = await ask(this.agent, ...call);
    this.#times.push(performance.now() - before);
    return answer;
  }

  /** @throws Error when something went wrong meanwhile. */
  async end() {
    this.#going = false;
    await this.#done;
    this.agent.destroy();
  }

  /** The figures since the last time. */
  take() {
    const sorted = this.#times.toSorted((a, b) => a - b);
    this.#times = [];
    const at = (part) => Math.round(10 * (sorted[Math.floor(sorted.length * part)] ?? 0)) / 10;
    return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(0.99999) };
  }
}

/** A visitor and an agent. Whatever is not answered as it must be is an error. */
export class Conversation extends Repeated {
  lines = 0;
  #from = 0;

  constructor(visitorKey) {
    super();
    this.key = visitorKey;
  }

  async open(base, username, password) {
    const once = (...call) => ask(this.agent, ...call);
    const { json } = await once('POST', `${base}/login?v=1.3`, '', { username, password });
    this.bearer = `Bearer ${json.bearer}`;
    const session = await once('POST', `${base}/agentSession?v=1&NC=true`, this.bearer, {});
    const chat = await once('POST', `${base}/chat/request?v=1`, this.key, {});
    const ringing = `${session.location}/incomingRequests?v=1`;
    const accepted = await once('POST', ringing, this.bearer, {});
    // Nobody else is to ring here.
    const away = { availability: { chat: 'Away' } };
    await once('PUT', `${session.location}/availability?v=1`, this.bearer, away);
    this.visitorChat = chat.location;
    this.agentChat = accepted.location;
    return this;
  }

  async turn() {
    const text = `line ${this.lines}`;
    const event = { event: { '@type': 'line', text } };
    const said = await this.timed('POST', `${this.visitorChat}/events?v=1`, this.key, event);
    if (said.status !== 201) throw new Error(`a line was answered ${said.status}`);
    this.lines += 1;
    const path = `${this.agentChat}/events?v=1&from=${this.#from}`;
    const read = await this.timed('GET', path, this.bearer);
    const last = [read.json.events?.event ?? []].flat().at(-1);
    if (last?.text !== text) throw new Error(`"${text}" did not arrive: ${read.status}`);
    this.#from = Number(last['@id']) + 1;
  }
}

/** The same with a server that does nothing else. */
export class Control extends Repeated {
  constructor(port) {
    super();
    this.base = `http://127.0.0.1:${port}/`;
  }

  async turn() {
    await this.timed('POST', this.base, '', { event: 'line' });
    await this.timed('GET', this.base, '');
  }
}
