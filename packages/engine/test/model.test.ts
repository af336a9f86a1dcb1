/**
 * Random stories, checked after every step (model/invariants.ts, model/run.ts).
 *
 * PARLEY_FUZZ_RUNS=5000 plays more stories than the usual run does. A story that fails is shrunk,
 * printed with its seed and path, and kept in kept-failures.json: commit it with the fix, since
 * kept stories are played first in every run from then on.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SALES, WEST } from './account.js';
import { Broken, looksAt, type Promised } from './model/promises.js';
import { Run } from './model/run.js';
import { rooms, type Staff, staffs, type Step, stories } from './model/steps.js';
import { type MemoryRoom, UNLIMITED } from '@parley/engine';

interface StoredFailure {
  /** What did not hold. */
  readonly found: string;
  readonly seed: number;
  readonly path: string | null;
  readonly staff: readonly Staff[];
  readonly story: readonly Step[];
  /** Absent where it is unlimited. */
  readonly room?: MemoryRoom;
}

const KEPT = new URL('kept-failures.json', import.meta.url);
const kept: readonly StoredFailure[] = JSON.parse(readFileSync(KEPT, 'utf8'));

const asked = process.env['PARLEY_FUZZ_RUNS'];
const RUNS = asked === undefined ? 200 : Number(asked);
/** However slow the machine, an ordinary run of the tests is not held up for longer. */
const LIMIT_MS = asked === undefined ? 8_000 : Number.POSITIVE_INFINITY;

/** A program answers first, another one listens by a rule, and goes when the agent does. */
const RULED = ruledStory();

function ruledStory(): { readonly staff: Staff[]; readonly story: Step[] } {
  const person: Staff = { maxChats: 2, skillIds: [SALES], kind: 'human', enabled: true };
  const always = { skillIds: [], languages: [], hours: 'always', role: 'listener' } as const;
  const answers: Step = { do: 'accept', session: 0, of: 'ringing' };
  const chat: readonly Step[] = [
    { do: 'request', skill: SALES, agent: null, maxWait: null, lines: 0 },
    ...[answers, answers],
    { do: 'transfer', chat: 0, of: 'chatting', who: 'its-agent', to: { user: 1 }, text: null },
    ...[answers, answers],
    { do: 'clock', by: 1_000 },
    { do: 'end', chat: 0, who: 'visitor' },
  ];
  return {
    staff: [person, { ...person, kind: 'bot' }, { ...person, kind: 'bot' }],
    story: [
      {
        do: 'rules',
        rules: [
          { action: 'attach', user: 2, ...always },
          { action: 'answer-first', user: 3, ...always },
        ],
        whenAgentLeaves: 'leave',
      },
      ...[1, 2, 3].map((user): Step => ({ do: 'open', user })),
      ...Array.from({ length: 12 }, () => chat).flat(),
    ],
  };
}

function play(staff: readonly Staff[], story: readonly Step[], room = UNLIMITED): Run {
  const run = new Run(staff, room);
  for (const step of story) run.step(step);
  run.finish();
  return run;
}

function keep(details: fc.RunDetails<[Staff[], Step[], MemoryRoom]>): void {
  const [staff, story, room] = details.counterexample ?? [];
  if (staff === undefined || story === undefined) return;
  const error = details.errorInstance;
  const found = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const failure: StoredFailure = {
    found,
    seed: details.seed,
    path: details.counterexamplePath,
    staff,
    story,
    ...(room === undefined || room.live === Infinity ? {} : { room }),
  };
  writeFileSync(KEPT, `${JSON.stringify([...kept, failure], null, 2)}\n`);
}

it.each(kept)(
  'every promise holds in a story that once failed: $found',
  ({ staff, story, room }) => {
    play(staff, story, room);
  },
);

describe('whatever happens', () => {
  let details: fc.RunDetails<[Staff[], Step[], MemoryRoom]>;

  /** The same stories show all of it: after every step each promise is looked at. */
  beforeAll(
    () => {
      const property = fc.property(staffs, stories, rooms, (staff, story, room) => {
        play(staff, story, room);
      });
      details = fc.check(property, {
        numRuns: RUNS,
        examples: [[RULED.staff, RULED.story, UNLIMITED]],
        includeErrorInReport: true,
        ...(Number.isFinite(LIMIT_MS) ? { interruptAfterTimeLimit: LIMIT_MS } : {}),
      });
      if (details.failed) keep(details);
    },
    Number.isFinite(LIMIT_MS) ? 60_000 : 0,
  );

  /** It was looked at, and held. */
  function holds(promised: Promised): void {
    expect(looksAt(promised), `how often it was looked at: ${promised}`).toBeGreaterThan(10);
    const broken = details.errorInstance instanceof Broken ? details.errorInstance.promised : null;
    expect(broken === promised ? fc.defaultReportMessage(details) : null).toBeNull();
  }

  it('every story is played to its end', () => {
    expect(details.failed ? fc.defaultReportMessage(details) : null).toBeNull();
    expect(details.numRuns).toBeGreaterThan(10);
  });

  it('[PROM1, PROM3] a chat is in one place, with one agent at most and one who is asked', () =>
    holds('places'));

  it('[PROM3, CONF1] sessions are of enabled users, one each, and nothing rings at an Away one', () =>
    holds('agents'));

  it('[PROM3] no chat is lost', () => holds('kept chats'));

  it('[PROM4, WAIT3] queues are in order; nothing waits that an agent with room may take, and who waits for long reads so', () =>
    holds('queues'));

  it('[STRAND1, STRAND2] whatever a chat waits for exists', () => holds('stranded chats'));

  it('[OPEN4] a chat is held while the account is closed only', () => holds('held chats'));

  it('[PROM5, FEED2, FEED8] feeds are whole, and end once', () => holds('feeds'));

  it('[SEE1] visitors are shown every state and their lines, and nothing else', () =>
    holds('shown feeds'));

  it("[SEE3] a chat is open to its participants' sessions alone", () => holds('access'));

  it('[ROLE1] nobody hears a listener or a supervisor but agents, whatever happens', () =>
    holds('words'));

  it('[DELEG1, DELEG2, DELEG4] a program does what it was let do, in the session that let it, until that ends', () =>
    holds('programs'));

  it('[PROM6, OPEN3] the slots answered are those counted anew', () => holds('slots'));

  it('[PROM2] nobody is rung above the cap, but for one transfer', () => holds('caps'));

  it('[ROUTE1, ROUTE4, ROUTE5, SHARE1, SHARE2] each ring is the one that the plain rules give', () =>
    holds('rings'));

  it('[CONF2, CONF3] what rings above a new cap, or for a lost skill, goes back', () =>
    holds('changed configuration'));

  it('[ESC8] no line waits for the answer of a program for longer than the limit', () =>
    holds('answers'));

  it('[RULE1, RULE2, RULE3, RULE5] rules ask whom they attach, in their order, and once', () =>
    holds('asked by rules'));

  it('[RULE4, RULE5] what a rule lets a program answer first is rung there', () =>
    holds('answered first'));

  it('[RULE6] whoever is beside the agent goes with them where the account says so', () =>
    holds('gone with the agent'));

  it('[DUE2] nothing that is due is left, and nothing is forgotten', () => holds('deadlines'));

  it('[DUE3] a refused command changes nothing', () => holds('refusals'));

  it('[SNAP1] the journal holds it all', () => holds('journal'));

  it('[SNAP2] a snapshot at any instant, and the journal after it, do too', () =>
    holds('snapshots'));

  it('[SNAP4] after a stop every ring has its whole time again', () => holds('restarts'));

  it('[ERASE1] an erased journal makes the same state', () => holds('all that was erased'));

  it('[HUB1] who watches what an event changed is woken', () => holds('all that wakes'));

  it.each(['memory', 'retries', 'time that was set', 'visits'] as const)(
    'what is promised of %s holds',
    (promised) => holds(promised),
  );

  it('[PROM3] the stories are not empty: everything that can happen does', () => {
    const seen = new Set<string>();
    const met = { repeated: 0, reused: 0 };
    const all = [
      'answers.extended',
      'chat.accepted',
      'chat.busy',
      'chat.ended',
      'chat.escalated',
      'chat.held',
      'chat.invited',
      'chat.joined',
      'chat.left',
      'chat.line',
      'chat.offerWithdrawn',
      'chat.rang',
      'chat.read',
      'chat.reassigned',
      'chat.requested',
      'chat.requeued',
      'chat.suggested',
      'chat.suggestionClosed',
      'chat.surveyAnswered',
      'chat.takenOver',
      'chat.transferred',
      'chat.uninvited',
      'chat.variables',
      'chat.visitorNamed',
      'chats.forgotten',
      'clock.moved',
      'offline.surveyLeft',
      'participant.identified',
      'participants.forgotten',
      'request.answered',
      'rings.extended',
      'session.availability',
      'session.cookieRenewed',
      'session.delegated',
      'session.delegationEnded',
      'session.ended',
      'session.opened',
      'transcript.failed',
      'transcript.requested',
      'transcript.sent',
      'visit.seen',
      'visits.forgotten',
    ];
    // What is rarest has a story of its own: a program is slow, and there is a stop; and somebody comes in
    // beside the agent, and suggests.
    const program = { maxChats: 2, skillIds: [SALES], kind: 'bot', enabled: true } as const;
    const slow = play(
      [program],
      [
        { do: 'open', user: 1 },
        { do: 'request', skill: SALES, agent: null, maxWait: null, lines: 0 },
        { do: 'accept', session: 0, of: 'ringing' },
        { do: 'say', chat: 0, who: 'visitor', subType: 'REGULAR' },
        { do: 'pass', ms: 20_000, look: 'at once' },
        { do: 'restart' },
      ],
    );
    const person = { ...program, kind: 'human' } as const;
    const helped = play(
      [person, person],
      [
        { do: 'open', user: 1 },
        { do: 'open', user: 2 },
        { do: 'request', skill: SALES, agent: null, maxWait: null, lines: 0 },
        { do: 'accept', session: 0, of: 'ringing' },
        // One of them is the agent.
        ...[0, 1].map(
          (colleague): Step => ({
            ...{ do: 'invite', chat: 0, who: 'its-agent', to: { colleague }, role: 'listener' },
          }),
        ),
        { do: 'accept', session: 0, of: 'ringing' },
        { do: 'suggest', chat: 0, author: 0, replaces: null, seconds: null },
        { do: 'decide', chat: 0, suggestion: 0, outcome: 'accepted' },
        { do: 'delegate', session: 0, rights: ['suggest'], approval: [] },
        { do: 'programSuggests', program: 0, chat: 0, session: null },
        { do: 'endDelegation', program: 0, session: null },
        // It is over now; and another one may read alone.
        { do: 'programSuggests', program: 0, chat: 0, session: null },
        ...[0, 1].flatMap((session): Step[] => [
          { do: 'delegate', session, rights: ['read'], approval: [] },
          { do: 'programSuggests', program: 0, chat: 0, session: null },
        ]),
      ],
    );
    // Chats go back, on and to whoever supervises: which of two has one is for routing to say.
    const staff = {
      ...person,
      roles: ['manager', 'agent'],
      groupId: WEST,
      managedGroupIds: [WEST],
    } as const;
    const both: Step[] = [1, 2].map((user) => ({ do: 'open', user }));
    const ring: Step = { do: 'accept', session: 0, of: 'ringing' };
    const moved = play(
      [staff, staff],
      [
        ...both,
        { do: 'request', skill: SALES, agent: null, maxWait: null, lines: 0 },
        ring,
        ...[0, 1].flatMap((session): Step[] => [
          { do: 'close', session, reason: 'lost' },
          ...both,
          ring,
        ]),
        ...[0, 1].map((session): Step => ({ do: 'watch', chat: 0, session })),
        { do: 'channel', chat: 0, who: 'its-own', channel: 0 },
        ...[0, 1].map((session): Step => ({ do: 'watch', chat: 0, session })),
        ...[0, 1].map((session): Step => ({ do: 'takeOver', chat: 0, session })),
        ...[0, 1].map(
          (colleague): Step => ({
            ...{ do: 'invite', chat: 0, who: 'its-agent', to: { colleague }, role: 'listener' },
          }),
        ),
        ...[0, 1].map((channel): Step => ({ do: 'channel', chat: 0, who: 'its-agent', channel })),
        {
          ...{ do: 'transfer', chat: 0, of: 'chatting', who: 'its-agent' },
          ...{ to: { skill: SALES }, text: null },
        },
      ],
    );
    for (const run of [slow, helped, moved]) for (const type of run.seen.keys()) seen.add(type);
    // What is rare takes some stories.
    for (let seed = 1; seed <= 20 && seen.size < all.length; seed += 1) {
      for (const [staff, story] of fc.sample(fc.tuple(staffs, stories), { numRuns: 50, seed })) {
        const { seen: happened, retries } = play(staff, story);
        for (const type of happened.keys()) seen.add(type);
        met.repeated += retries.met.repeated;
        met.reused += retries.met.reused;
      }
    }
    expect([...seen].sort()).toEqual(all);
    // Requests come again, and keys with other bodies.
    expect(met.repeated).toBeGreaterThan(20);
    expect(met.reused).toBeGreaterThan(20);
  }, 60_000);
});
