/** The loads that are put on the servers. */
import type { Plan } from './plan.js';
import type { Load } from './rounds.js';
import { type CannedAnswer, canAnswer } from './servers/canned.js';
import type { Fixture } from './fixture.js';

/** Arrivals are the same in every run. */
const SEED = 20_170_227;

/** Loads that use everything that all others do: after them the servers are warm. */
export function warmUpLoads(loads: readonly Load[]): readonly Load[] {
  return loads.filter(({ arrivals }) => arrivals.kind === 'closed').slice(0, 3);
}

/**
 * All loads of a plan, on the chats of a fixture. The busy chats come last: they leave feeds behind
 * that are longer than people's.
 */
export function loadsOf(plan: Plan, fixture: Fixture): Load[] {
  const polls = {
    expect: 200,
    arrivals: { kind: 'closed' },
    repeated: plan.polls,
    hub: false,
  } as const;
  const lines = {
    expect: 201,
    onAnswered: (answered: readonly number[]) => fixture.linesAdded(answered),
  };
  const busy = plan.busyChats.map((chats): Load => {
    // Other chats in each round: a feed takes 4 MB, and no more.
    let first = -chats;
    return {
      ...lines,
      id: `lines-${chats}`,
      title: `lines, ${chats} busy ${chats === 1 ? 'chat' : 'chats'}`,
      requests: () => {
        first = (first + chats) % plan.steadyChats;
        return fixture.newLines(chats, first);
      },
      onAnswered: (answered) => fixture.linesAdded(answered, first),
      arrivals: { kind: 'closed' },
      hub: false,
      repeated: plan.lines,
    };
  });
  return [
    {
      ...polls,
      id: 'idle-next',
      title: 'idle polls of next',
      requests: () => fixture.idlePolls(plan.pollers),
    },
    {
      ...polls,
      id: 'incoming',
      title: 'idle polls of incomingRequests',
      requests: () => fixture.incomingPolls(plan.pollers),
    },
    {
      ...lines,
      id: `steady-${plan.steadyChats}`,
      title: `lines, ${plan.steadyChats.toLocaleString('en')} chats × 1/s`,
      requests: () => fixture.newLines(plan.steadyChats),
      arrivals: { kind: 'every-second', seed: SEED },
      hub: true,
      repeated: plan.steady,
    },
    ...busy.toReversed(),
  ];
}

/** One real answer of each kind, for the bare servers to give. */
export async function sampleAnswers(fixture: Fixture): Promise<CannedAnswer[]> {
  const session = '/api/account/:account/agentSession/:session';
  const first = (requests: readonly string[]) => fixture.sample(requests[0] ?? '');
  const answers = [
    await canAnswer('GET', `${session}/chat/:chat/events`, await first(fixture.idlePolls(1))),
    await canAnswer('GET', `${session}/incomingRequests`, await first(fixture.incomingPolls(1))),
    await canAnswer(
      'POST',
      '/api/account/:account/chat/:chat/events',
      await first(fixture.newLines(1)),
    ),
  ];
  fixture.linesAdded([1]);
  return answers;
}
