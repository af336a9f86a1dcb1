/** Which requests are recorded, as OpenTelemetry's variables say it. */
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { StartError } from '../start-error.js';

const PARENT_BASED = 'parentbased_';

/** OpenTelemetry's own default. */
const DEFAULT = 'parentbased_always_on';

/**
 * @param name `OTEL_TRACES_SAMPLER`
 * @param argument `OTEL_TRACES_SAMPLER_ARG`
 * @throws StartError for a name or an argument that OpenTelemetry does not have
 */
export function samplerOf(name = DEFAULT, argument = '1'): Sampler {
  return name.startsWith(PARENT_BASED)
    ? new ParentBasedSampler({ root: plain(name.slice(PARENT_BASED.length), name, argument) })
    : plain(name, name, argument);
}

function plain(kind: string, name: string, argument: string): Sampler {
  switch (kind) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratioOf(argument));
    default:
      throw new StartError(
        `OTEL_TRACES_SAMPLER=${name} is no sampler: choose always_on, always_off, traceidratio, or one of these behind parentbased_.`,
      );
  }
}

function ratioOf(argument: string): number {
  const ratio = Number(argument);
  if (argument.trim() !== '' && ratio >= 0 && ratio <= 1) return ratio;
  throw new StartError(
    `OTEL_TRACES_SAMPLER_ARG=${argument} is no part of all requests: choose a number from 0 to 1, such as 0.01.`,
  );
}
