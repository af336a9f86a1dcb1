/** Writes of programs that wait for the user of a session, as far as one stream has sent them. */
import type { AgentSession } from '@parley/engine';
import type { FrameData } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { approvalValue } from '../agent/approvals.js';
import { mayDecide } from '../agent/approvers.js';

export class ApprovalNews {
  #host: unknown = null;
  #version = 0;

  /**
   * The data of frames that are to be sent: at first those that wait, then whatever changed.
   * @param uri of the session
   */
  news(account: LiveAccount, session: AgentSession, uri: string): readonly FrameData<'approval'>[] {
    const { approvals } = account.host;
    // They are gone when the account was loaded again.
    const isFresh = this.#host !== account.host;
    const { changed, version } = approvals.since(
      (each) =>
        each.delegationId === null
          ? mayDecide(account, each, session.userId)
          : each.sessionId === session.id,
      isFresh ? 0 : this.#version,
    );
    this.#host = account.host;
    this.#version = version;
    const base = uri.slice(0, uri.lastIndexOf('/agentSession/'));
    return changed
      .filter(({ state }) => !isFresh || state === 'pending')
      .map((each) => ({ approval: approvalValue(account, base, each) }));
  }
}
