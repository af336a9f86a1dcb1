/** How much may be suggested: a program that goes wrong must not fill the memory, nor bury the agent. */

/** Open suggestions that one author may have in a chat. */
export const MAX_OPEN_SUGGESTIONS = 20;

/** What the open suggestions of a chat may weigh, and those kept beside them, bytes as `bytesOf` counts. */
export const MAX_SUGGESTION_BYTES = 250_000;

/** Suggestions that a chat ever takes. */
export const MAX_SUGGESTIONS = 5_000;

/** Suggestions that are kept once they are not open any more, the latest ones. */
export const MAX_CLOSED_SUGGESTIONS = 50;
