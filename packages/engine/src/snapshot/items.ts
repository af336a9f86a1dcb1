/** What the pieces of a snapshot hold: each is a list of such items, as JSON. */
import type { Chat } from '../chats/chat.js';
import type { FeedEntry } from '../chats/entries.js';
import type { TranscriptMail } from '../mail/mail.js';
import type { Participant } from '../participants/participant.js';
import type { RetryRecord } from '../retries/retries.js';
import type { HandlingSample, WaitSample } from '../routing/sample.js';
import type { AgentSession } from '../sessions/session.js';
import type { SuggestionFigures } from '../suggestions/suggestion.js';
import type { Visit } from '../visits/visit.js';
import type { EarlierChat } from './earlier-chats.js';

export type SnapshotItem =
  | readonly ['session', AgentSession]
  /** A user without a session, and since when. */
  | readonly ['offline', number, number]
  /** Chats of a queue, next first; a long queue has several. */
  | readonly ['queue', string, string[]]
  | readonly ['waits', string, WaitSample[]]
  | readonly ['handling', string, HandlingSample[]]
  /** A skill, and how far each agent group is behind. */
  | readonly ['share', number, readonly (readonly [number, number])[]]
  | readonly ['mail', TranscriptMail]
  /** Without its feed, which follows. */
  | readonly ['chat', Chat | EarlierChat]
  | readonly ['feed', string, readonly FeedEntry[]]
  | readonly ['visit', Visit]
  | readonly ['participant', Participant]
  /** The hash of a token that was used, and until when it could be used again. */
  | readonly ['token', string, number]
  /** What was answered to a request that may come again. */
  | readonly ['answered', RetryRecord]
  /** A user, and what became of what they suggested. */
  | readonly ['suggested', number, SuggestionFigures];

/** An item as text. */
export function itemText(item: SnapshotItem): string {
  return JSON.stringify(item);
}

/** An item that is a part of a list, whose JSON is there already. */
export function partText(
  kind: 'queue' | 'waits' | 'handling' | 'feed',
  key: string,
  part: string,
): string {
  return `["${kind}",${JSON.stringify(key)},${part}]`;
}
