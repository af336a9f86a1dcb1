/** Random stories of programs that ask and of agents who decide, against a list that is kept beside them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Approval,
  type ApprovalRequest,
  Approvals,
  MAX_APPROVALS,
} from '../src/accounts/approvals.js';

/** What may happen; numbers pick from what there is at the time. */
type Step =
  | { readonly do: 'ask'; readonly session: number }
  | {
      readonly do: 'close';
      readonly approval: number;
      readonly state: 'approved' | 'refused' | 'gone';
    }
  | { readonly do: 'look'; readonly session: number };

const SESSIONS = ['1', '2'];
const session = fc.nat({ max: SESSIONS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('ask' as const), session }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      approval: fc.nat({ max: 60 }),
      state: fc.constantFrom('approved' as const, 'refused' as const, 'gone' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const), session }) },
);

const requestIn = (sessionId: string): ApprovalRequest => ({
  ...{ sessionId, userId: 1, delegationId: 'd', program: 'Helper', right: 'speak' },
  ...{ method: 'POST', path: '/chat/H1-aK2/events', chatId: 'H1-aK2', body: null },
  ...{ since: 0, until: 120_000 },
});

interface Known {
  readonly id: string;
  readonly sessionId: string;
  state: Approval['state'];
  /** How often the end of its wait was reported. */
  ended: number;
}

class Story {
  readonly #approvals = new Approvals();
  readonly known: Known[] = [];
  /** What a stream of each session was sent, and up to which version. */
  readonly #reported = new Map(
    SESSIONS.map((id) => [id, { version: 0, states: new Map<string, string>() }]),
  );

  step(step: Step): void {
    if (step.do === 'ask') this.#ask(SESSIONS[step.session] ?? '');
    else if (step.do === 'close') this.#close(step.approval, step.state);
    else this.#look(SESSIONS[step.session] ?? '');
    this.#check();
  }

  #ask(sessionId: string): void {
    const known: Known = { id: `a${this.known.length}`, sessionId, state: 'pending', ended: 0 };
    const full = this.#waiting(sessionId).length === MAX_APPROVALS;
    const asked = this.#approvals.ask(known.id, requestIn(sessionId), () => {
      known.ended += 1;
    });
    expect(asked).toBe(!full);
    if (asked) this.known.push(known);
  }

  #close(pick: number, state: Exclude<Approval['state'], 'pending'>): void {
    const known = this.known.at(-1 - (pick % (this.known.length + 1)));
    const waited = known?.state === 'pending';
    expect(this.#approvals.close(known?.id ?? 'never there', state)).toBe(waited);
    // What was decided stays decided.
    if (known !== undefined && waited) known.state = state;
  }

  /** A stream is sent each change once, the newest last. */
  #look(sessionId: string): void {
    const seen = this.#reported.get(sessionId);
    if (seen === undefined) return;
    const { changed, version } = this.#approvals.since(
      (each) => each.sessionId === sessionId,
      seen.version,
    );
    for (const { id, state, version: own } of changed) {
      expect(own).toBeGreaterThan(seen.version);
      expect(seen.states.get(id)).not.toBe(state);
      seen.states.set(id, state);
    }
    seen.version = version;
    const others = changed.filter((each) => each.sessionId !== sessionId);
    expect(others).toEqual([]);
    for (const { id } of this.#waiting(sessionId)) expect(seen.states.get(id)).toBe('pending');
  }

  #waiting(sessionId: string): Known[] {
    return this.known.filter((each) => each.sessionId === sessionId && each.state === 'pending');
  }

  #check(): void {
    for (const id of SESSIONS) {
      const there = this.#approvals.pending(id).map((each) => each.id);
      expect(there).toEqual(this.#waiting(id).map((each) => each.id));
    }
    for (const { id, state, ended } of this.known) {
      // Nobody who waits is forgotten; who was decided is known for a while.
      const found = this.#approvals.get(id);
      if (state === 'pending') expect(found?.state).toBe('pending');
      else if (found !== undefined) expect(found.state).toBe(state);
      expect(ended).toBe(state === 'pending' ? 0 : 1);
    }
  }
}

describe('writes of programs that wait for their agent', () => {
  it('[APPROVE1] are decided once, are bounded, and each change is reported once, whatever happens', () => {
    let decided = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 80 }), (steps) => {
        const story = new Story();
        for (const each of steps) story.step(each);
        decided += story.known.filter(({ state }) => state !== 'pending').length;
      }),
      { numRuns: 40 },
    );
    expect(decided).toBeGreaterThan(100);
  });
});
