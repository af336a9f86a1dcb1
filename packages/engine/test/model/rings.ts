/** What holds of each ring. */
import type { AccountConfig, AccountEvent, AccountState } from '@parley/engine';
import { requireThat, requireEqual } from './must.js';
import { looking } from './promises.js';
import * as reference from './reference.js';

/** Who is invited is there, is not in the chat, and has room if it takes any. */
export function checkInvited(
  state: AccountState,
  config: AccountConfig,
  { chatId, userId, role, invitation }: Extract<AccountEvent, { type: 'chat.invited' }>,
): void {
  const session = reference.sessionOf(state, userId);
  const user = config.users.get(userId);
  const chat = state.chats.get(chatId);
  looking('rings', () => {
    requireThat(
      session !== undefined && session.availability !== 'Away',
      `user ${userId} is there`,
    );
    requireThat(user?.roles.includes('agent') === true, `user ${userId} is an agent`);
    const people = [...(chat?.participants ?? []), ...(chat?.offers ?? [])];
    requireThat(
      !people.some((one) => one.userId === userId),
      `user ${userId} is not in ${chatId} yet`,
    );
    requireThat(!invitation.asked.includes(userId), `user ${userId} is asked once`);
    const { skillId } = invitation;
    requireThat(
      skillId === null || user.skillIds.includes(skillId),
      `user ${userId} holds ${skillId}`,
    );
  });
  looking('caps', () => {
    const cap = user?.maxChats ?? 0;
    const load = reference.loadOfUser(state, userId);
    requireThat(role === 'listener' || cap < 0 || load < cap, `user ${userId} has room to assist`);
  });
}

/**
 * Each ring is the one that the plain rules would give at that moment.
 * @param before the event before it, if it came with others
 */
export function checkRing(
  state: AccountState,
  config: AccountConfig,
  event: Extract<AccountEvent, { type: 'chat.rang' }>,
  before: AccountEvent | undefined,
  now: number,
): void {
  const { chatId, userId, why } = event;
  const cap = config.users.get(userId)?.maxChats ?? 0;
  const load = reference.loadOfUser(state, userId);
  const session = reference.sessionOf(state, userId);
  const isAimed = why.rule === 'transfer-to-agent' || why.rule === 'assigned';
  looking('caps', () => {
    const most = isAimed ? cap : cap - 1;
    requireThat(cap < 0 || load <= most, `user ${userId} is rung as number ${load + 1} of ${cap}`);
  });
  looking('rings', () => {
    requireThat(
      why.load === load / (cap < 0 ? 1e6 : Math.max(cap, 1)),
      `${chatId} records the load`,
    );
    requireThat(why.idleMs === now - (session?.idleSince ?? 0), `${chatId} records the idle time`);
    if (isAimed) {
      const moved = before?.type === 'chat.transferred' || before?.type === 'chat.reassigned';
      requireThat(moved, `${chatId} rings for a transfer`);
      requireThat(
        session !== undefined && session.availability !== 'Away',
        `user ${userId} is there`,
      );
      return;
    }
    const { candidates, ruleId } = why;
    const given = { chatId, userId, candidates, ...(ruleId === undefined ? {} : { ruleId }) };
    requireEqual(given, reference.nextRing(state, config, now), 'routing gives out the right chat');
    if (ruleId !== undefined) {
      looking('answered first', () =>
        requireThat(why.rule === 'answer-first', `${chatId} records that a rule chose`),
      );
    }
  });
}

/** After a stop every ring has its whole time again. */
export function checkResumed(
  state: AccountState,
  config: AccountConfig,
  events: readonly AccountEvent[],
  now: number,
): void {
  const until = now + config.settings.ringSeconds * 1000;
  for (const { id, offers } of state.chats.values()) {
    const whole = offers.every((offer) => offer.until === until);
    requireThat(whole, `${id} rings its whole time again`);
  }
  requireThat(
    events.every(({ type }) => type !== 'session.availability'),
    'nobody turns Away for a restart',
  );
}
