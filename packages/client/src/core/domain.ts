/** The Domain API: where an account's services are. The only addresses that are known beforehand. */
import { docOf } from './document.js';
import { UnexpectedAnswerError, WRONG_SERVER } from './errors.js';
import type { Http } from './http.js';

/** Which account, and where to ask for it. */
export interface Place {
  /** The account's id. */
  readonly account: string;
  /**
   * Address of the Domain API: `https://chat.example.com`. With `http:` (a server on the same machine, a test)
   * every request goes to that origin, and nothing is looked up.
   */
  readonly domainApi: string;
}

/**
 * The base of a service, `https://{host}/api/account/{account}`.
 * @throws RefusedError for an account that is not there.
 */
export async function baseOf(
  http: Http,
  { account, domainApi }: Place,
  service: 'agentVep' | 'conversationVep' | 'accountConfigReadWrite' | 'sentinel',
  signal?: AbortSignal,
): Promise<string> {
  const path = `/api/account/${encodeURIComponent(account)}`;
  const { origin, protocol } = new URL(domainApi);
  if (protocol === 'http:') return origin + path;
  const url = `${origin}${path}/service/${service}/baseURI.json?version=1.0`;
  const { body } = await http.send({ url, signal });
  const host = docOf(body)['baseURI'];
  if (host) return `https://${host}${path}`;
  throw new UnexpectedAnswerError(`${origin} is no Domain API: it names no baseURI.`, WRONG_SERVER);
}
