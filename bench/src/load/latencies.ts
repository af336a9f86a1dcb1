/** Latencies of one measurement: every one is kept, so that percentiles are exact. */

/** Percentiles, milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A list of numbers that grows without making garbage for each of them. */
export class Samples {
  #values = new Float64Array(1 << 14);
  #count = 0;

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }

  /** A copy of what was added, in order. */
  values(): Float64Array {
    return this.#values.slice(0, this.#count);
  }
}

/** The percentiles of all samples together; null when there are none. */
export function summarise(parts: readonly Float64Array[]): LatencySummary | null {
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  if (count === 0) return null;
  const all = new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  all.sort();
  return {
    count,
    p50: percentile(all, 0.5),
    p90: percentile(all, 0.9),
    p99: percentile(all, 0.99),
    p999: percentile(all, 0.999),
    max: percentile(all, 1),
  };
}

/** The smallest sample that at least this share of all samples does not exceed. */
function percentile(sorted: Float64Array, share: number): number {
  const index = Math.max(0, Math.ceil(sorted.length * share) - 1);
  return sorted[index] ?? Number.NaN;
}
