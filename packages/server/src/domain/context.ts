/** What it takes to say where services are. */
import type { HttpContext } from '../http/context.js';

export interface DomainContext extends HttpContext {
  /** Port of the TLS listener once it listens; null when there is none. */
  readonly httpsPort: () => number | null;
}
