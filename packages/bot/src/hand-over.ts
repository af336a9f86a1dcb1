/** Giving a chat up for people. */
import {
  type Agent,
  type AgentChat,
  RefusedError,
  type TransferTarget,
} from '@parley/client/agent';

/** To whom a chat goes, and what they read with it. */
export interface HandOver {
  /** Name of the skill. By default that of the bot's options, else whatever skill somebody is there for. */
  readonly skill?: string;
  /** For whoever takes it; the visitor does not see it. */
  readonly note?: string;
  /** `error` where the bot failed. */
  readonly reason?: 'handed-over' | 'error';
}

/** What became of a chat that was to be handed over. */
export type HandedOver =
  /** Somebody is there who takes it. */
  | 'given'
  /** It waits for people at the head of their queue, and nobody is there yet. */
  | 'queued'
  /** The server has no queue for it, and nobody can take it now: it is still the bot's. */
  | 'kept';

/**
 * Gives the chat up. Where the server can (escalation) it waits for people from then on, whether one is
 * there or not, and is the bot's no more; elsewhere somebody has to be there for a transfer.
 * @param nobodyThere is waited for before a chat that nobody is there for goes into its queue
 * @throws TypeError for a skill that does not exist, with the names there are.
 */
export async function handOverOnce(
  agent: Agent,
  chat: AgentChat,
  to: HandOver,
  nobodyThere: () => Promise<unknown>,
): Promise<HandedOver> {
  if (chat.over !== null) return 'given';
  const { skill, note, reason = 'handed-over' } = to;
  const there = preferred(await chat.transferTargets(), skill, chat.info.skillId);
  const text = note === undefined ? {} : { text: note };
  const named = there.length > 0 || skill === undefined ? [] : [await skillNamed(agent, skill)];
  if (!chat.escalates) return transferred(chat, there, text);
  if (there.length === 0) await nobodyThere();
  // Where a skill is refused, such as by one that gives nothing away, the chat's own people get it.
  for (const skillId of [...there.map(({ id }) => id), ...named]) {
    try {
      await chat.escalate({ ...text, skillId, reason });
      return there.length > 0 ? 'given' : 'queued';
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  await chat.escalate({ ...text, reason });
  return there.length > 0 ? 'given' : 'queued';
}

async function transferred(
  chat: AgentChat,
  targets: readonly TransferTarget[],
  text: { readonly text?: string },
): Promise<HandedOver> {
  for (const { id } of targets) {
    try {
      await chat.transfer({ skillId: id }, text);
      return 'given';
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  return 'kept';
}

function isConflict(error: unknown): boolean {
  return error instanceof RefusedError && error.status === 409;
}

/** The skill, or all that somebody is there for: first that of the chat. */
function preferred(
  targets: readonly TransferTarget[],
  skill: string | undefined,
  own: number | undefined,
): readonly TransferTarget[] {
  if (skill !== undefined) return targets.filter(({ name }) => name === skill);
  return targets
    .filter(({ onlineAgents }) => onlineAgents > 0)
    .toSorted((a, b) => Number(b.id === own) - Number(a.id === own));
}

/** The id of a skill; what nobody is there for is no target, and exists all the same. */
async function skillNamed(agent: Agent, skill: string): Promise<number> {
  const skills = await agent.skills();
  const found = skills.find(({ name }) => name === skill);
  if (found !== undefined) return found.id;
  const known = skills.map(({ name }) => `"${name}"`).join(', ') || 'none';
  throw new TypeError(`There is no skill "${skill}". The account has: ${known}.`);
}
