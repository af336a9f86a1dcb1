/**
 * What can be offered to a visitor. There is no configuration of campaigns: every account has one
 * built-in engagement, a chat, with ids that stay the same.
 */
import { createHash } from 'node:crypto';
import type { AccountConfiguration } from '@parley/configuration/records/records';

export interface Offer {
  readonly campaignId: number;
  readonly engagementId: number;
  readonly contextId: string;
  readonly windowId: number;
  readonly engagementRevision: number;
}

/** Smallest ten-digit number: the ids look like the original's. */
const TEN_DIGITS = 1_000_000_000;

const offers = new WeakMap<AccountConfiguration, Offer>();

export function offerOf(setup: AccountConfiguration): Offer {
  const known = offers.get(setup);
  if (known !== undefined) return known;
  const id = (what: string) =>
    TEN_DIGITS + createHash('sha256').update(`${setup.accountId}/${what}`).digest().readUInt32BE(0);
  const offer = {
    campaignId: id('campaign'),
    engagementId: id('engagement'),
    contextId: '1',
    windowId: id('window'),
    engagementRevision: 1,
  };
  offers.set(setup, offer);
  return offer;
}
