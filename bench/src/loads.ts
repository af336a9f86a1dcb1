/** The loads that are put on the servers. */
import type { Plan } from './plan.js';
import type { Load } from './rounds.js';
import { type CannedAnswer, canAnswer } from './servers/canned.js';
import type { World } from './world.js';

/** Arrivals are the same in every run. */
const SEED = 20_170_227;

/** Loads that use everything that all others do: after them the servers are warm. */
export function warmUpLoads(loads: readonly Load[]): readonly Load[] {
  return loads.filter(({ arrivals }) => arrivals.kind === 'closed').slice(0, 3);
}

/**
 * All loads of a plan, on the chats of a world. The busy chats come last: they leave feeds behind
 * that are longer than people's.
 */
export function loadsOf(plan: Plan, world: World): Load[] {
  const polls = { expect: 200, arrivals: { kind: 'closed' }, repeated: plan.polls } as const;
  const lines = {
    expect: 201,
    onAnswered: (answered: readonly number[]) => world.linesAdded(answered),
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
        return world.newLines(chats, first);
      },
      onAnswered: (answered) => world.linesAdded(answered, first),
      arrivals: { kind: 'closed' },
      repeated: plan.lines,
    };
  });
  return [
    {
      ...polls,
      id: 'idle-next',
      title: 'idle polls of next',
      requests: () => world.idlePolls(plan.pollers),
    },
    {
      ...polls,
      id: 'incoming',
      title: 'idle polls of incomingRequests',
      requests: () => world.incomingPolls(plan.pollers),
    },
    {
      ...lines,
      id: `steady-${plan.steadyChats}`,
      title: `lines, ${plan.steadyChats.toLocaleString('en')} chats × 1/s`,
      requests: () => world.newLines(plan.steadyChats),
      arrivals: { kind: 'every-second', seed: SEED },
      repeated: plan.steady,
    },
    ...busy.toReversed(),
  ];
}

/** One real answer of each kind, for the bare servers to give. */
export async function sampleAnswers(world: World): Promise<CannedAnswer[]> {
  const session = '/api/account/:account/agentSession/:session';
  const first = (requests: readonly string[]) => world.sample(requests[0] ?? '');
  const answers = [
    await canAnswer('GET', `${session}/chat/:chat/events`, await first(world.idlePolls(1))),
    await canAnswer('GET', `${session}/incomingRequests`, await first(world.incomingPolls(1))),
    await canAnswer(
      'POST',
      '/api/account/:account/chat/:chat/events',
      await first(world.newLines(1)),
    ),
  ];
  world.linesAdded([1]);
  return answers;
}
