import type { SupervisedChat } from '@parley/client/administration';
import { describe, expect, it } from 'vitest';
import { type BoardAgent, byMinute, queuesOf, tilesOf, withSample } from '../src/board/figures.js';

const NOW = Date.parse('2026-11-26T09:00:00Z');

const chat = (
  phase: SupervisedChat['phase'],
  waited: number,
  skill: { readonly skillId: number; readonly skillName: string } | null,
) =>
  ({
    link: [],
    id: `${phase}${waited}`,
    phase,
    requestedAt: NOW - waited,
    since: NOW - waited,
    ...skill,
  }) as SupervisedChat;

const agent = (state: BoardAgent['state'], ...skills: BoardAgent['skills']) =>
  ({ state, skills, name: state, since: NOW, chats: 0, maxChats: 1 }) as unknown as BoardAgent;

const SALES = { id: 1, name: 'Sales' };
const HELP = { id: 2, name: 'Help' };
const sales = { skillId: 1, skillName: 'Sales' };

describe('the board', () => {
  const chats = [
    chat('waiting', 5_000, sales),
    chat('ringing', 70_000, sales),
    chat('chatting', 900_000, sales),
    chat('waiting', 80_000, null),
  ];
  const agents = [agent('Online', SALES), agent('Occupied', SALES, HELP), agent('Offline', HELP)];

  it('[DESK14] counts who waits, rung or not, and who is there', () => {
    expect(tilesOf(chats, agents, NOW)).toMatchObject({
      waiting: 3,
      longestWait: 80_000,
      online: 1,
      occupied: 1,
      away: 0,
    });
    expect(tilesOf([], [], NOW)).toMatchObject({ waiting: 0, longestWait: null });
  });

  it('[DESK14] has a queue for each skill of its agents and chats, the longest wait first', () => {
    const queues = queuesOf(chats, agents, NOW).map(
      ({ name, waiting, ringing, chatting, longestWait, online }) =>
        [name, waiting, ringing, chatting, longestWait, online] as const,
    );
    expect(queues).toEqual([
      [null, 1, 0, 0, 80_000, 1],
      ['Sales', 1, 1, 1, 70_000, 1],
      ['Help', 0, 0, 0, null, 0],
    ]);
  });

  it('[DESK14] keeps half an hour of figures, and the highest of each minute', () => {
    const sample = (minutes: number, waiting: number) => ({
      at: NOW - minutes * 60_000,
      waiting,
      chatting: 1,
    });
    const kept = [sample(31, 9), sample(2, 3), sample(1.9, 5)];
    expect(withSample(kept, sample(0, 1)).map(({ waiting }) => waiting)).toEqual([3, 5, 1]);
    expect(byMinute([sample(2, 3), sample(1.9, 5), sample(0, 1)])).toEqual([
      sample(2, 5),
      sample(0, 1),
    ]);
  });
});
