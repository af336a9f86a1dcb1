/** What is counted in plain numbers makes the same text as prom-client’s own metrics. */
import { Counter, Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { Observations, PlainCounter, PlainHistogram } from '../src/metrics/plain.js';

const BOUNDS = [0.5, 1, 10];
const OBSERVED = [0, 0.5, 0.500001, 1, 3, 10, 10.5, 1_000];
const described = (name: string, registry: Registry) => ({
  ...{ name, help: 'What it is, with a \\ in it.', registers: [registry] },
});

it('[METRIC1] a histogram in plain numbers makes the same text', async () => {
  const [usual, plain] = [new Registry(), new Registry()];
  const one = new Histogram({
    ...described('with_labels', usual),
    labelNames: ['route'],
    buckets: BOUNDS,
  });
  const other = new Histogram({ ...described('without', usual), buckets: BOUNDS });
  const series = new Map(['/a', '/b"c'].map((route) => [route, new Observations(BOUNDS)]));
  const all = new Observations(BOUNDS);
  new PlainHistogram(described('with_labels', plain), BOUNDS, () =>
    [...series].map(([route, of]) => [{ route }, of] as const),
  );
  new PlainHistogram(described('without', plain), BOUNDS, () => [[{}, all]]);
  // What was never observed too: it is reported as 0.
  const text = async (registry: Registry) => (await registry.metrics()).split('\n').sort();
  const ofWithout = async (registry: Registry) =>
    (await text(registry)).filter((line) => line.startsWith('without'));
  expect(await ofWithout(plain)).toEqual(await ofWithout(usual));
  for (const [index, value] of OBSERVED.entries()) {
    const route = index % 3 === 0 ? '/b"c' : '/a';
    one.observe({ route }, value);
    other.observe(value);
    series.get(route)?.observe(value);
    all.observe(value);
  }
  for (let asked = 0; asked < 2; asked += 1) {
    expect(await text(plain)).toEqual(await text(usual));
  }
});

it('[METRIC1] a counter in plain numbers makes the same text, however often it is asked', async () => {
  const [usual, plain] = [new Registry(), new Registry()];
  const one = new Counter({ ...described('steps', usual), labelNames: ['kind'] });
  one.inc({ kind: 'a' }, 0);
  const other = new PlainCounter<'a' | 'b'>('kind', described('steps', plain), ['a']);
  for (const kind of ['b', 'a', 'b'] as const) {
    expect(await plain.metrics()).toBe(await usual.metrics());
    expect(await plain.metrics()).toBe(await usual.metrics());
    one.inc({ kind });
    other.add(kind);
  }
  expect(await plain.metrics()).toBe(await usual.metrics());
});
