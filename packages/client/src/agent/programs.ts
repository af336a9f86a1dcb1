/** Programs that work in the agent's session, and what they have to ask for. */
import type {
  Approval as WireApproval,
  CannedText,
  Delegation as WireDelegation,
} from '@parley/protocol/types';
import { type Doc, docOf, listOf } from '../core/document.js';
import type { Session } from './session.js';

/** A right that can be delegated to a program. */
export type DelegatedRight = WireDelegation['rights'][number];

/** A program that may work in the session. */
export type Delegation = Omit<WireDelegation, 'link'>;

/** A write of a program that waits, or waited, for this user's approval. */
export type Approval = Omit<WireApproval, 'link'>;

/** The rights that are delegated to a program. */
export interface DelegateOptions {
  /** The agent's name for the program. */
  readonly name: string;
  readonly rights: readonly DelegatedRight[];
  /** The rights that need an approval for each use; none by default. */
  readonly approval?: readonly DelegatedRight[];
  /** Seconds after which the delegation ends, from 60 to a week; by default it ends with the session. */
  readonly expiresIn?: number;
  readonly signal?: AbortSignal;
}

/** The data with which a program connects: `connectAgent({ …, session, login: { bearer } })`. */
export interface Delegated extends Delegation {
  /** The session's address. */
  readonly session: string;
  /** Valid only in this session; keep it out of logs, links and storage. */
  readonly bearer: string;
}

/** Programs beside the agent: for the user who opened the session, if the server supports them. */
export class Programs {
  readonly #session: Session;

  /** For the agent alone. */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Lets a program work in the session until the session or the delegation ends.
   * @throws RefusedError 400 for invalid rights, 409 when the session has its maximum number of programs
   */
  async delegate({ signal, ...delegation }: DelegateOptions): Promise<Delegated> {
    const { body } = await this.#session.request(() => ({
      method: 'POST',
      url: this.#session.address(this.#session.link('delegations')),
      body: { delegation: { approval: [], ...delegation } },
      // It answers a secret, which no second answer gives.
      retry: 'never',
      signal,
    }));
    const made = docOf(body, 'delegation');
    const bearer = String(made['bearer']);
    return {
      ...(withoutLink(made) as unknown as Delegation),
      bearer,
      session: this.#session.uri,
    };
  }

  /** The programs that may work in the session. */
  async list(signal?: AbortSignal): Promise<readonly Delegation[]> {
    const body = await this.#session.get('delegations', '', signal);
    return listOf(docOf(body, 'delegations')['delegation']).map(
      withoutLink,
    ) as unknown as Delegation[];
  }

  /** The canned texts that the agent may use; programs can read them here, too. */
  async cannedTexts(signal?: AbortSignal): Promise<readonly CannedText[]> {
    const body = await this.#session.get('canned-texts', '', signal);
    return docOf(body, 'cannedTexts')['cannedText'] as CannedText[];
  }

  /** Ends a delegation: its program is refused from now on. @throws RefusedError 404 */
  async end(id: string, signal?: AbortSignal): Promise<void> {
    await this.#session.request(() => ({
      method: 'DELETE',
      url: this.#session.address(`${this.#session.link('delegations')}/${id}`),
      signal,
    }));
  }

  /**
   * From now on, each use of these rights in this session waits until a person approves it. In a session that a
   * person has delegated to this program, that person decides. Otherwise somebody who supervises this user
   * decides: a logged-in administrator or manager of the user's group. Calls settle once it is decided. If the
   * use is refused, if nobody decides within two minutes, or if nobody who could decide is logged in, they fail
   * with a RefusedError 403 that says so. By default no right needs an approval; a server without approvals
   * ignores this.
   */
  askFor(rights: readonly DelegatedRight[]): void {
    this.#session.askFor(rights);
  }

  /** The writes that wait for this user's approval now. `agent.on('approval')` reports new ones. */
  async approvals(signal?: AbortSignal): Promise<readonly Approval[]> {
    const body = await this.#session.get('approvals', '', signal);
    return listOf(docOf(body, 'approvals')['approval']).map(readApproval);
  }

  /**
   * Approves or refuses a write that a program waits for. @throws RefusedError 404; 409 when the write no
   * longer waits
   */
  async decide(
    id: string,
    decision: 'approve' | 'refuse',
    signal?: AbortSignal,
  ): Promise<Approval> {
    const { body } = await this.#session.request(() => ({
      method: 'PUT',
      url: this.#session.address(`${this.#session.link('approvals')}/${id}`),
      body: { decision },
      signal,
    }));
    return readApproval(docOf(body, 'approval'));
  }
}

export function readApproval(doc: Doc): Approval {
  return withoutLink(doc) as unknown as Approval;
}

function withoutLink({ link: _, ...rest }: Doc): Doc {
  return rest;
}
