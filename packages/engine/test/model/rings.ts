/** What holds of each ring. */
import type { AccountConfig, AccountEvent, AccountState } from '@parley/engine';
import { requireThat, requireEqual } from './must.js';
import { looking } from './promises.js';
import * as reference from './reference.js';

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
    const given = { chatId, userId, candidates: why.candidates };
    requireEqual(given, reference.nextRing(state, config), 'routing gives out the right chat');
  });
}
