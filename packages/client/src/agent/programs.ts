/** Programs that work in the agent's session, and what they have to ask for. */
import type {
  Approval as WireApproval,
  CannedText,
  Delegation as WireDelegation,
} from '@parley/protocol/types';
import { type Doc, docOf, listOf } from '../core/document.js';
import type { Session } from './session.js';

/** What a program may be let do. */
export type DelegatedRight = WireDelegation['rights'][number];

/** A program that may work in the session. */
export type Delegation = Omit<WireDelegation, 'link'>;

/** A write of a program that waits for this user, or waited. */
export type Approval = Omit<WireApproval, 'link'>;

/** What is delegated to a program. */
export interface DelegateOptions {
  /** What the agent calls it. */
  readonly name: string;
  readonly rights: readonly DelegatedRight[];
  /** Of the rights those of which each use has to be approved; none by default. */
  readonly approval?: readonly DelegatedRight[];
  /** Seconds after which it ends by itself, from 60 to a week; by default it ends with the session. */
  readonly expiresIn?: number;
  readonly signal?: AbortSignal;
}

/** What a program connects with: `connectAgent({ …, session, login: { bearer } })`. */
export interface Delegated extends Delegation {
  /** Where the session is. */
  readonly session: string;
  /** Good in this session alone; it belongs into no log, link or storage. */
  readonly bearer: string;
}

/** Programs beside the agent: for whoever opened the session, where the server has them. */
export class Programs {
  readonly #session: Session;

  /** For the agent alone. */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Lets a program work in the session until it or the delegation ends.
   * @throws RefusedError 400 for rights that cannot be, 409 when as many programs work there as may
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

  /** The programs that may work there. */
  async list(signal?: AbortSignal): Promise<readonly Delegation[]> {
    const body = await this.#session.get('delegations', '', signal);
    return listOf(docOf(body, 'delegations')['delegation']).map(
      withoutLink,
    ) as unknown as Delegation[];
  }

  /** The canned texts that the agent may use: programs read them here as well. */
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
   * From now on each use of these rights in this session waits until a person approves it: where the session
   * is a person's, who delegated to this program, that person; else whoever supervises its user, an
   * administrator or a manager of their group, who has to be logged in. Calls settle once it is decided; those
   * that are refused, that nobody decides about for two minutes, or that nobody is there to decide about, fail
   * with a RefusedError 403 that says so. None by default; a server without approvals passes it over.
   */
  askFor(rights: readonly DelegatedRight[]): void {
    this.#session.askFor(rights);
  }

  /** What waits for this user now. New ones are heard by `agent.on('approval')`. */
  async approvals(signal?: AbortSignal): Promise<readonly Approval[]> {
    const body = await this.#session.get('approvals', '', signal);
    return listOf(docOf(body, 'approvals')['approval']).map(readApproval);
  }

  /** Allows what a program waits for, or refuses it. @throws RefusedError 404, 409 when it waits no more */
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
