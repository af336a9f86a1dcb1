/** Why a chat went where it went. */

/** Why an agent was chosen, for whoever asks later. */
export interface RoutingReason {
  /**
   * `answer-first`, `attached`: an attachment rule, `ruleId`, chose the agent. `assigned`: an administrator or a manager chose the agent. `invited`: somebody in the chat chose who
   * comes in beside its agent; `invited-skill`: or the skill of which somebody comes.
   */
  readonly rule:
    | 'queue'
    | 'named-agent'
    | 'transfer-to-agent'
    | 'assigned'
    | 'invited'
    | 'invited-skill'
    | 'answer-first'
    | 'attached';
  /** The attachment rule that chose; absent for none. */
  readonly ruleId?: number;
  /** Agents that could have taken the chat at that moment. */
  readonly candidates: number;
  /** Chats of the chosen agent ÷ their cap, before this one. */
  readonly load: number;
  /** How long the chosen agent had had nothing new, ms. */
  readonly idleMs: number;
  /** Some of those who were passed over, and why; absent where nobody was, and from rings of before. */
  readonly others?: readonly Weighed[];
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

/** Why somebody who holds the skill was not rung. */
export type PassedOver =
  | 'offline'
  | 'away'
  /** Occupied, and the chat is none that another agent gave away. */
  | 'occupied'
  /** A program could not go on with it, and they are a program. */
  | 'for-people'
  | 'full'
  /** As many chats ring there as may. */
  | 'ringing'
  /** They gave it away. */
  | 'gave-away'
  /** A program answers first. */
  | 'answer-first'
  /** The skill prefers another group. */
  | 'group'
  /** They have more to do, or as much and something new more lately. */
  | 'busier'
  | 'idle-shorter';

/** Somebody who was looked at for a chat. */
export interface Weighed {
  readonly userId: number;
  /** Chats ÷ cap. */
  readonly load: number;
  /** How long they had had nothing new, ms. */
  readonly idleMs: number;
  /** Absent for who is rung. */
  readonly because?: PassedOver;
}

/** Somebody was rung for a chat, to be its agent or to come in beside them. */
export interface Routed {
  readonly userId: number;
  readonly role: 'agent' | 'assistant' | 'listener';
  /** Epoch ms. */
  readonly at: number;
  readonly why: RoutingReason;
}

/** Rings that a chat remembers; beyond this the earliest are forgotten. */
const MAX_ROUTED = 5;

/** The list with one more ring, the last at the end. */
export function withRouted(before: readonly Routed[] | undefined, ring: Routed): readonly Routed[] {
  return [...(before ?? []), ring].slice(-MAX_ROUTED);
}
