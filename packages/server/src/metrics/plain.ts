/**
 * Plain numbers, and their metrics. What happens with every request or line is counted here, for
 * prom-client makes objects and texts of labels for each step; it is handed the numbers when somebody
 * asks for them.
 */
import {
  Counter,
  Histogram,
  type MetricObjectWithValues,
  type MetricValueWithName,
  type Registry,
} from 'prom-client';

type Labels = Readonly<Record<string, string | number>>;

interface Described {
  readonly name: string;
  readonly help: string;
  readonly registers: Registry[];
}

/** Counts by one label. */
export class PlainCounter<Value extends string> {
  readonly #counts = new Map<Value, number>();

  /** @param from values of the label that there are from the start on, as 0 */
  constructor(label: string, description: Described, from: readonly Value[] = []) {
    for (const value of from) this.#counts.set(value, 0);
    shownCounter([label], description, (show) => {
      for (const [value, count] of this.#counts) show({ [label]: value }, count);
    });
  }

  add(value: Value): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }
}

/**
 * A counter whose numbers are kept elsewhere.
 * @param collect called when somebody asks; shows each of them
 */
export function shownCounter(
  labelNames: readonly string[],
  description: Described,
  collect: (show: (labels: Labels, count: number) => void) => void,
): void {
  new Counter({
    ...description,
    labelNames: [...labelNames],
    collect() {
      this.reset();
      collect((labels, count) => this.inc(labels, count));
    },
  });
}

/** What was observed of one series. */
export class Observations {
  /** Those up to each bound that are above the one before; what is above the last is only in `count`. */
  readonly buckets: number[];
  readonly #bounds: readonly number[];
  count = 0;
  sum = 0;

  /** @param bounds ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.buckets = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.count += 1;
    this.sum += value;
    const bounds = this.#bounds;
    for (let at = 0; at < bounds.length; at += 1) {
      if (value > (bounds[at] ?? Infinity)) continue;
      this.buckets[at] = (this.buckets[at] ?? 0) + 1;
      return;
    }
  }
}

/** Series of observations, as they are when somebody asks. */
type Series = () => Iterable<readonly [Labels, Observations]>;

type Shown = MetricObjectWithValues<MetricValueWithName<string>>;

/** A histogram whose numbers are kept elsewhere. */
export class PlainHistogram extends Histogram {
  readonly #series: Series;
  readonly #bounds: readonly number[];
  readonly #name: string;
  /** Has no series of its own. */
  readonly #empty: Histogram;

  constructor(description: Described, bounds: readonly number[], series: Series) {
    super({ ...description, buckets: [...bounds] });
    this.#empty = new Histogram({ ...description, registers: [] });
    this.#name = description.name;
    this.#bounds = bounds;
    this.#series = series;
  }

  override async get(): Promise<Shown> {
    const values: Shown['values'] = [];
    for (const [labels, { buckets, count, sum }] of this.#series()) {
      const bucket = (le: string | number, value: number) =>
        values.push({ labels: { le, ...labels }, value, metricName: `${this.#name}_bucket` });
      let upTo = 0;
      for (const [at, bound] of this.#bounds.entries()) {
        upTo += buckets[at] ?? 0;
        bucket(bound, upTo);
      }
      bucket('+Inf', count);
      values.push({ labels, value: sum, metricName: `${this.#name}_sum` });
      values.push({ labels, value: count, metricName: `${this.#name}_count` });
    }
    return { ...(await this.#empty.get()), values };
  }

  /** What the registry makes the text of, where there is one. */
  getForPromString(): Promise<Shown> {
    return this.get();
  }
}
