/** What may happen beside the agents of chats, as plain data. */
import type { DelegatedRight, SuggestionOutcome } from '@parley/engine';
import fc from 'fast-check';

/** The chat's visitor, the agent it is or was with, or whichever session the number picks. */
export type Who = 'visitor' | 'its-agent' | number;

export type RoleStep =
  | { readonly do: 'decline'; readonly session: number; readonly offer: number }
  | {
      readonly do: 'invite';
      readonly chat: number;
      readonly who: Who;
      /** A colleague is one of those who are there. */
      readonly to:
        | { readonly skill: number }
        | { readonly user: number }
        | { readonly colleague: number };
      readonly role: 'assistant' | 'listener';
    }
  | {
      readonly do: 'escalate';
      readonly chat: number;
      readonly who: Who;
      readonly skill: number | null;
    }
  | { readonly do: 'watch'; readonly chat: number; readonly session: number }
  | { readonly do: 'takeOver'; readonly chat: number; readonly session: number }
  | {
      readonly do: 'channel';
      readonly chat: number;
      readonly who: Who | 'its-own';
      readonly channel: number;
    }
  | {
      readonly do: 'suggest';
      readonly chat: number;
      /** Which of those beside the agent. */
      readonly author: number;
      /** An earlier suggestion whose place it takes. */
      readonly replaces: number | null;
      readonly seconds: number | null;
    }
  /** An agent lets a program work in their session. */
  | {
      readonly do: 'delegate';
      readonly session: number;
      readonly rights: readonly DelegatedRight[];
      readonly approval: readonly DelegatedRight[];
    }
  /** One of all that ever were let in, by its own session or by any. */
  | { readonly do: 'endDelegation'; readonly program: number; readonly session: number | null }
  /** One of all that ever were let in suggests, in a chat of its session where there is one. */
  | {
      readonly do: 'programSuggests';
      readonly program: number;
      readonly chat: number;
      readonly session: number | null;
    }
  | {
      readonly do: 'decide';
      readonly chat: number;
      readonly suggestion: number;
      readonly outcome: SuggestionOutcome;
    };

export const act = <const D extends string>(name: D) => fc.constant(name);

/** Each with its weight among all others. */
export const roleSteps = ({
  user,
  pick,
  skill,
}: Readonly<Record<'user' | 'pick' | 'skill', fc.Arbitrary<number>>>) => [
  {
    weight: 2,
    arbitrary: fc.record({ do: act('decline'), session: pick, offer: fc.nat({ max: 2 }) }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      do: act('invite'),
      chat: fc.nat({ max: 3 }),
      who: fc.constantFrom<Who>('its-agent', 'its-agent', 'its-agent', 1),
      to: fc.oneof(
        fc.record({ skill }),
        fc.record({ user }),
        fc.record({ colleague: pick }),
        fc.record({ colleague: pick }),
      ),
      role: fc.constantFrom('assistant', 'listener'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: act('escalate'),
      chat: pick,
      who: fc.constantFrom<Who>('its-agent', 'its-agent', 'its-agent', 2),
      skill: fc.option(skill, { freq: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: act('watch'), chat: fc.nat({ max: 3 }), session: pick }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: act('takeOver'), chat: fc.nat({ max: 3 }), session: pick }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: act('channel'),
      chat: fc.nat({ max: 3 }),
      who: fc.constantFrom<Who | 'its-own'>('its-own', 'its-own', 'its-agent', 1),
      channel: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: act('suggest'),
      chat: fc.nat({ max: 2 }),
      author: fc.nat({ max: 3 }),
      replaces: fc.option(fc.nat({ max: 2 }), { freq: 3 }),
      seconds: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: act('delegate'),
      session: pick,
      rights: fc.constantFrom<DelegatedRight[]>(
        ['read', 'suggest'],
        ['suggest'],
        ['read', 'speak'],
      ),
      approval: fc.constantFrom<DelegatedRight[]>([], [], ['suggest']),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: act('endDelegation'),
      program: fc.nat({ max: 6 }),
      session: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: pick },
      ),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: act('programSuggests'),
      program: fc.nat({ max: 2 }),
      chat: fc.nat({ max: 2 }),
      session: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: pick },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: act('decide'),
      chat: fc.nat({ max: 2 }),
      suggestion: fc.nat({ max: 2 }),
      outcome: fc.constantFrom<SuggestionOutcome>('accepted', 'edited', 'dismissed'),
    }),
  },
];
