/**
 * What one thing that strangers bring may weigh, in bytes as `bytesOf` counts. What an account may
 * hold of all of them is in room.ts, what the process may hold is the server's. docs/limits.md lists
 * them all.
 */

/** Pages of a visit, and attributes: beyond this the oldest go; facts: what is over is left out. */
export const MAX_PAGES_BYTES = 64_000;

export const MAX_ATTRIBUTES_BYTES = 64_000;

export const MAX_SECTIONS_BYTES = 8_000;

/** The most that a visit may weigh; its other facts are bounded by their lengths. */
export const MAX_VISIT_BYTES = 170_000;

/** Visits of one visitor; beyond this the longest silent goes that no live chat names. */
export const MAX_VISITS_OF_VISITOR = 20;

/** Variables of a chat: beyond this the oldest go. */
export const MAX_VARIABLES_BYTES = 64_000;

/** Lines and other entries of one chat that no agent has accepted, and of any chat. */
export const MAX_FEED_BYTES_BEFORE_ACCEPTED = 250_000;

export const MAX_FEED_BYTES = 4_000_000;
