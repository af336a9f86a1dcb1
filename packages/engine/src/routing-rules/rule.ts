/** Attachment rules: who comes into chats by themselves, and which program answers first. */
import type { OpenSpan, Weekday } from '../week.js';

export interface RoutingRule {
  readonly id: number;
  readonly name: string;
  /** Rules are looked at in this order; rules of the same one by their ids. */
  readonly order: number;
  /** `attach`: the user is asked into each chat that has an agent; `answer-first`: a program is rung first. */
  readonly action: 'attach' | 'answer-first';
  readonly userId: number;
  /** What they come as; of `attach`. */
  readonly role: 'assistant' | 'listener';
  /** Skills whose chats it is for; none: all chats. */
  readonly skillIds: readonly number[];
  /** Languages that visitors speak, `de` for all kinds of German; none: any. */
  readonly languages: readonly string[];
  /** When it holds, in the account's time zone; none: always. */
  readonly hours: readonly (OpenSpan & { readonly weekday: Weekday })[];
  /** What was answered before the chat: one value of each question; none: anything. */
  readonly answers: readonly RequiredAnswer[];
}

export interface RequiredAnswer {
  readonly questionId: number;
  readonly answer: string;
}
