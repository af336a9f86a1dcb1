// Asks a server over some connections, each one request after another, until it is asked to stop; then
// prints how long the answers took. A process of its own, so that who measures does not share the event
// loop with whom it measures.
import { Agent, request } from 'node:http';

/**
 * @typedef {object} Plan
 * @property {readonly { method: string, url: string, headers: Record<string, string>, body?: string }[]} asks
 *   asked one after the other, again and again
 * @property {number} connections
 * @property {number} pauseMs between an answer and the next request
 * @property {number} ms how long; 0: until standard input ends
 */

/** @type {Plan} */
const plan = JSON.parse(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
/** @type {Record<string, number>} */
const statuses = {};
/** @type {number[]} */
const times = [];
let asked = 0;
let isOver = false;
process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();

/** @param {Plan['asks'][number]} ask */
function once({ method, url, headers, body }) {
  return new Promise((resolve) => {
    const before = performance.now();
    const done = (/** @type {string} */ status) => {
      times.push(performance.now() - before);
      statuses[status] = (statuses[status] ?? 0) + 1;
      resolve(undefined);
    };
    const sent = request(url, { method, headers, agent }, (response) => {
      response.resume();
      response.on('end', () => done(String(response.statusCode)));
    });
    sent.on('error', (error) => done(/** @type {NodeJS.ErrnoException} */ (error).code ?? 'error'));
    sent.end(body);
  });
}

const began = performance.now();
process.stdout.write('begun\n');

async function connection() {
  while (!isOver && (plan.ms === 0 || performance.now() - began < plan.ms)) {
    const ask = plan.asks[asked % plan.asks.length];
    asked += 1;
    if (ask !== undefined) await once(ask);
    if (plan.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, plan.pauseMs));
  }
}

await Promise.all(Array.from({ length: plan.connections }, connection));
const seconds = (performance.now() - began) / 1000;
agent.destroy();
times.sort((a, b) => a - b);
const at = (/** @type {number} */ part) => times[Math.floor(times.length * part)] ?? 0;
const report = { n: times.length, seconds, statuses, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
