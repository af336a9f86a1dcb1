/** What happens to chats. */
import type { RoutingReason } from '../routing/reason.js';
import type { FilledSurvey } from '../surveys/surveys.js';
import type { FeedEntry, Source } from './entries.js';
import type { VariableInput } from './variable.js';
import type { VisitorFacts } from './visitor.js';

export type WithdrawalReason =
  | 'unanswered'
  | 'declined'
  | 'away'
  | 'session-ended'
  | 'reconfigured'
  | 'reassigned';

export type ChatEndReason =
  | 'agent'
  | 'visitor'
  | 'visitor-silent'
  | 'agent-gone'
  | 'nobody-online'
  | 'supervisor';

export type ChatEvent =
  | {
      readonly type: 'chat.requested';
      readonly chatId: string;
      readonly skillId: number | null;
      /** The one agent it waits for, if named. */
      readonly forUserId: number | null;
      readonly visitor: VisitorFacts;
      /** Seconds of the visitor's silence that end the chat. */
      readonly timeout: number;
      /** Seconds of waiting after which the visitor reads that everybody is busy. */
      readonly maxWait: number;
      readonly feed: readonly FeedEntry[];
      readonly variables?: readonly VariableInput[];
      readonly preChat?: FilledSurvey;
      /** Of the authenticated visitor that it is for. */
      readonly conversationId?: string;
    }
  | { readonly type: 'chat.busy'; readonly chatId: string; readonly feed: readonly FeedEntry[] }
  /** Not given out before the account opens at `until`, epoch ms; null: given out from now on. */
  | { readonly type: 'chat.held'; readonly chatId: string; readonly until: number | null }
  | {
      readonly type: 'chat.rang';
      readonly chatId: string;
      readonly userId: number;
      /** Epoch ms at which the ring is over. */
      readonly until: number;
      readonly why: RoutingReason;
    }
  | { readonly type: 'rings.extended'; readonly chatIds: readonly string[]; readonly until: number }
  | {
      readonly type: 'chat.offerWithdrawn';
      readonly chatId: string;
      readonly userId: number;
      readonly reason: WithdrawalReason;
    }
  | {
      readonly type: 'chat.accepted';
      readonly chatId: string;
      readonly userId: number;
      /** Until when, epoch ms, they must have answered the visitor; absent for any time. */
      readonly answerBy?: number;
      readonly feed: readonly FeedEntry[];
    }
  | {
      readonly type: 'chat.line';
      readonly chatId: string;
      /** Of a visitor's line: until when, epoch ms, the agent must have answered; absent for any time. */
      readonly answerBy?: number;
      readonly feed: readonly FeedEntry[];
    }
  | {
      readonly type: 'chat.requeued';
      readonly chatId: string;
      readonly fromUserId: number;
      /** Their session was lost, and they are a program; absent for people, and in entries of before. */
      readonly lost?: true;
      readonly feed: readonly FeedEntry[];
    }
  | {
      readonly type: 'chat.transferred';
      readonly chatId: string;
      readonly fromUserId: number;
      readonly to: { readonly skillId: number } | { readonly userId: number };
      /** The administrator or manager who moved it; absent when its agent did. */
      readonly byUserId?: number;
      readonly feed: readonly FeedEntry[];
    }
  /** A waiting chat goes to another queue. */
  | {
      readonly type: 'chat.reassigned';
      readonly chatId: string;
      readonly skillId: number | null;
      readonly forUserId: number | null;
      /** `…-gone`: what it waited for does not exist any more. */
      readonly reason: 'supervisor' | 'skill-gone' | 'agent-gone';
      readonly byUserId?: number;
      readonly feed: readonly FeedEntry[];
    }
  | {
      readonly type: 'chat.ended';
      readonly chatId: string;
      readonly by: Source;
      readonly reason: ChatEndReason;
      /** The administrator or manager who ended it; absent otherwise. */
      readonly byUserId?: number;
      /** Until when its visitor and those who were in it at its end may read it here, epoch ms. */
      readonly readableUntil: number;
      readonly feed: readonly FeedEntry[];
    }
  | { readonly type: 'chat.visitorNamed'; readonly chatId: string; readonly name: string }
  /** One side has read up to this event, which it may see. */
  | {
      readonly type: 'chat.read';
      readonly chatId: string;
      readonly party: 'agent' | 'visitor';
      /** The agent; null for the visitor. */
      readonly byUserId: number | null;
      readonly read: number;
    }
  | { readonly type: 'chats.forgotten'; readonly chatIds: readonly string[] }
  | {
      readonly type: 'chat.variables';
      readonly chatId: string;
      readonly variables: readonly VariableInput[];
    }
  | {
      readonly type: 'chat.surveyAnswered';
      readonly chatId: string;
      /** The visitor's after the chat, or the agent's own. */
      readonly kind: 'exit' | 'agent';
      /** The agent; null for the visitor. */
      readonly byUserId: number | null;
      readonly survey: FilledSurvey;
    };
