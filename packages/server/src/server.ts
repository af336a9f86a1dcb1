/** What a server is made of: what its APIs work with, and what only it itself does. */
import type { ProcessMemory } from '@parley/runtime/accounts/process-memory';
import type { AgentContext } from './apis/agent.js';
import type { VisitorApiContext } from './apis/visitor.js';
import type { ConfigurationContext } from './configuration/context.js';
import type { HealthContext } from './http/phase.js';
import type { Metrics } from './metrics/metrics.js';
import type { LongPolls } from './waits/long-polls.js';
import type { Streams } from './push/streams.js';
import type { LoginContext } from './login/context.js';

export interface Server
  extends LoginContext,
    AgentContext,
    VisitorApiContext,
    ConfigurationContext,
    Pick<HealthContext, 'scrub'> {
  /** What visitors bring to all of the accounts. */
  readonly memory: ProcessMemory;
  /** What it reports of itself in numbers. */
  readonly metrics: Metrics;
  readonly polls: LongPolls;
  /** The streams that are open. */
  readonly streams: Streams;
}
