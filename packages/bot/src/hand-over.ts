/** Giving a chat to somebody else, where somebody can take it. */
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

/**
 * Tries once.
 * @returns whether the chat is not the bot's any more; false when nobody can take it now
 * @throws TypeError for a skill that does not exist, with the names there are.
 */
export async function transferOnce(
  agent: Agent,
  chat: AgentChat,
  { skill, note, reason = 'handed-over' }: HandOver,
): Promise<boolean> {
  if (chat.over !== null) return true;
  const there = await chat.transferTargets();
  const targets = preferred(there, skill, chat.info.skillId);
  if (targets.length === 0 && skill !== undefined) await requireSkill(agent, skill);
  for (const { id } of targets) {
    try {
      const text = note === undefined ? {} : { text: note };
      // Where the server can, for people: a transfer may go to another bot.
      const given = await chat.escalate({ ...text, skillId: id, reason });
      if (given === null) await chat.transfer({ skillId: id }, text);
      return true;
    } catch (error) {
      if (!(error instanceof RefusedError && error.status === 409)) throw error;
    }
  }
  return false;
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

/** What nobody is there for is no target, and exists all the same. */
async function requireSkill(agent: Agent, skill: string): Promise<void> {
  const names = (await agent.skills()).map(({ name }) => name);
  if (names.includes(skill)) return;
  const known = names.map((name) => `"${name}"`).join(', ') || 'none';
  throw new TypeError(`There is no skill "${skill}". The account has: ${known}.`);
}
