/** Why a chat went where it went. */

/** Why an agent was chosen, for whoever asks later. */
export interface RoutingReason {
  /**
   * `assigned`: an administrator or a manager chose the agent. `invited`: somebody in the chat chose who
   * comes in beside its agent; `invited-skill`: or the skill of which somebody comes.
   */
  readonly rule:
    | 'queue'
    | 'named-agent'
    | 'transfer-to-agent'
    | 'assigned'
    | 'invited'
    | 'invited-skill';
  /** Agents that could have taken the chat at that moment. */
  readonly candidates: number;
  /** Chats of the chosen agent ÷ their cap, before this one. */
  readonly load: number;
  /** How long the chosen agent had had nothing new, ms. */
  readonly idleMs: number;
  /** Why agents of this group came first; absent when the skill prefers no group. */
  readonly group?: GroupReason;
}

/** Why a skill's chat went to an agent group. */
export interface GroupReason {
  /** The group that the skill names: the agent's own, or one above it. */
  readonly agentGroupId: number;
  readonly priority: number;
  /** The groups of that priority that had somebody free, when there were several. */
  readonly among?: readonly {
    readonly agentGroupId: number;
    readonly splitPercentage: number;
  }[];
}
