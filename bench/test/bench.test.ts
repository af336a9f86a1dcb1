/** The whole bench against the real server, as short as it can be: so that it cannot rot. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { combine } from '../src/combine.js';
import type { Results, ServerName } from '../src/results.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const SERVERS: readonly ServerName[] = ['parley', 'fastify', 'http'];
const LOADS = ['idle-next', 'incoming', 'steady-20', 'lines-10', 'lines-1'];

const out = mkdtempSync(join(tmpdir(), 'parley-bench-'));
afterEach(() => rmSync(out, { recursive: true, force: true }));

describe('npm run bench', () => {
  it('measures every load on every server, loses no line, and writes down what it found', async () => {
    expect(existsSync(PROGRAM), 'The bench is not built: run "npm run build" first.').toBe(true);
    const child = spawn(process.execPath, [PROGRAM, '--smoke', '--out', out]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout.resume();
    const [code] = await once(child, 'exit');
    expect(code, said).toBe(0);

    const results: Results = JSON.parse(readFileSync(join(out, 'latest.json'), 'utf8'));
    expect(results.scenarios.map(({ id }) => id)).toEqual(LOADS);
    for (const { id, servers } of results.scenarios) {
      for (const name of SERVERS) {
        const { rate, cpuPer1000, latency, others } = servers[name];
        expect(rate, `${id} on ${name}`).toBeGreaterThan(0);
        expect(cpuPer1000, `${id} on ${name}`).toBeGreaterThan(0);
        expect(others, `${id} on ${name}`).toBeLessThanOrEqual(results.machine.cores * 1.5);
        expect(latency.p50, `${id} on ${name}`).toBeLessThanOrEqual(latency.max);
      }
    }
    // Twenty chats, a line per second each, for one second: every one was sent and answered.
    expect(results.scenarios.at(2)?.servers.parley.latency.count).toBe(20);
    expect(results.scenarios.at(2)?.hub?.latency.count).toBe(20);
    expect(results.memory?.chats).toBe(50);
    // The machine may do anything else meanwhile: only what is far off is wrong.
    const { push } = results;
    const { parley, bare } = push?.delivered ?? {};
    expect(parley?.delivered.count).toBe(20);
    expect(bare?.delivered.count).toBe(20);
    const times = (parley?.delivered.p50 ?? Infinity) / (bare?.delivered.p50 ?? 0);
    expect(times).toBeLessThan(20);
    expect(push?.memory?.waiters).toBe(300);
    expect(push?.memory?.plain?.held).toBeLessThan(40 * 1024);
    expect(push?.memory?.tls?.held).toBeLessThan(60 * 1024);
    const { streams } = results;
    expect(streams?.deliveries.map(({ over, pace }) => `${over} ${pace}`)).toEqual([
      ...['sse every-second', 'sse busy', 'websocket every-second', 'websocket busy'],
    ]);
    for (const { pace, parley, bare } of streams?.deliveries ?? []) {
      for (const { delivered, carried, loadCpuPer1000, rate, others } of [parley, bare]) {
        // The load process is late, or on time, never early.
        expect(carried.count).toBe(delivered.count);
        expect(carried.p50).toBeLessThanOrEqual(delivered.p50);
        if (pace === 'every-second') expect(delivered.count).toBe(20);
        expect(rate).toBeGreaterThan(0);
        expect(loadCpuPer1000).toBeGreaterThan(0);
        expect(others).toBeGreaterThanOrEqual(0);
      }
    }
    expect(streams?.memory?.waiters).toBe(300);
    expect(streams?.memory?.plain?.held).toBeLessThan(40 * 1024);
    expect(readFileSync(join(out, 'latest.md'), 'utf8')).toContain('| bare Fastify');
    // A run that was made in portions has the same report.
    const { streams: _, ...others } = results;
    const portions = [
      { ...others, streams: null },
      { ...results, scenarios: [], push: null },
    ];
    expect(combine(portions)).toEqual({ ...results, seconds: results.seconds * 2 });
  }, 180_000);
});
