/** Reads the text format of Prometheus, strictly: what a collector would refuse is an error. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Samples {
  /** Names of samples: of a histogram those of its buckets, sum and count. */
  readonly names: ReadonlySet<string>;
  /** Names of metrics. */
  readonly families: ReadonlySet<string>;
  readonly series: number;
  /** The help of the metric that a sample belongs to. */
  help(name: string): string | undefined;
  /** The value of the sample with these labels and no others; undefined for none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  seriesOf(name: string): readonly Sample[];
}

const SAMPLE = /^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (NaN|[+-]?Inf|[+-]?[\d.]+(?:e[+-]?\d+)?)$/i;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/y;
const PARTS = /_(?:bucket|sum|count)$/;

/** @throws Error naming the line that is none, is there twice, or belongs to no metric */
export function samplesIn(text: string): Samples {
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const samples = new Map<string, Sample>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, help, helped = ''] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
    const [, typed, type = ''] =
      /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (help !== undefined) addOnce(helps, help, helped, line);
    else if (typed !== undefined) addOnce(types, typed, type, line);
    else {
      const sample = sampleIn(line);
      addOnce(samples, keyOf(sample.name, sample.labels), sample, line);
      if (!types.has(familyOf(sample.name, types))) throw new Error(`of no metric: ${line}`);
    }
  }
  const all = [...samples.values()];
  return {
    names: new Set(all.map(({ name }) => name)),
    families: new Set(types.keys()),
    series: all.length,
    help: (name) => helps.get(familyOf(name, types)),
    value: (name, labels = {}) => samples.get(keyOf(name, labels))?.value,
    seriesOf: (name) => all.filter((sample) => sample.name === name),
  };
}

function addOnce<T>(map: Map<string, T>, key: string, value: T, line: string): void {
  if (map.has(key)) throw new Error(`twice: ${line}`);
  map.set(key, value);
}

function familyOf(name: string, types: ReadonlyMap<string, string>): string {
  const family = name.replace(PARTS, '');
  return types.get(family) === 'histogram' ? family : name;
}

function sampleIn(line: string): Sample {
  const [, name, labelled = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labelled.length) {
    const [, label, text] = LABEL.exec(labelled) ?? [];
    if (label === undefined || text === undefined) throw new Error(`no labels: ${line}`);
    labels[label] = text;
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) };
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}
