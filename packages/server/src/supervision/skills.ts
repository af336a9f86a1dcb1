/** `B/supervision/skills`: how it goes, of each skill and of all. */
import { answerTagged } from '../http/reply.js';
import {
  freeSlots,
  loadOf,
  serviceOf,
  supervisionOf,
  WAIT_WINDOW_MS,
  type WaitSample,
} from '@parley/engine';
import { REL, type SupervisionFigures, supervisedSkillsDocument } from '@parley/protocol';
import { Pauses } from '@parley/runtime/pauses';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { supervisedAgents } from './agents.js';
import { type SupervisionCall, supervises } from './authorize.js';

/** Chats that are looked at before it is asked whether others wait. */
const LOOKS = 500;

/** What counts as accepted in good time, ms. */
const IN_TIME_MS = 30_000;

type Figures = { -readonly [K in keyof SupervisionFigures]: SupervisionFigures[K] };

export const listSkills: Operation<SupervisionCall> = {
  summary:
    'Returns figures for each skill and in all: chats that wait, agents who are there, and how soon chats are accepted.',
  description:
    'For a live board. Administrators see everything; managers see the skills that agents of their groups hold, with those agents and the chats that concern them. The figures of the last half hour cover the whole skill.',
  ...TAGGED,
  answers: { 200: supervisedSkillsDocument, 304: null },
  errors: ['forbidden'],
  async handle(call) {
    const { state, config } = call.account.host;
    const of = supervisionOf(config, call.user.id);
    const bySkill = new Map<number, Figures>();
    for (const { id } of config.skills.values()) {
      if (of === 'everybody' || of?.skillIds.has(id)) bySkill.set(id, noFigures());
    }
    const total = noFigures();
    await countChats(call, bySkill, total);
    countAgents(call, bySkill, total);
    for (const [id, figures] of bySkill) {
      const samples = state.waits.get(String(id)) ?? [];
      for (const each of [figures, total]) countAccepted(each, samples, call.account.host.now());
    }
    if (of === 'everybody') {
      countAccepted(total, state.waits.get('') ?? [], call.account.host.now());
    }
    const link = [{ href: `${call.base}/supervision/skills`, rel: REL.self }];
    const skill = [...bySkill].map(([id, figures]) => ({
      ...{ id, name: config.skills.get(id)?.name ?? '' },
      ...figures,
    }));
    const value = { link, windowSeconds: WAIT_WINDOW_MS / 1_000, total, skill };
    return answerTagged(call, supervisedSkillsDocument, value, state.rosterSeq);
  },
};

function noFigures(): Figures {
  return {
    ...{ waiting: 0, ringing: 0, chatting: 0, online: 0, occupied: 0, away: 0 },
    ...{ load: 0, capacity: 0, freeSlots: 0, accepted: 0, acceptedIn30: 0 },
  };
}

async function countChats(
  call: SupervisionCall,
  bySkill: ReadonlyMap<number, Figures>,
  total: Figures,
): Promise<void> {
  const pauses = new Pauses();
  let looked = 0;
  for (const chat of call.account.host.state.chats.values()) {
    looked += 1;
    if (looked % LOOKS === 0) await pauses.take();
    const { name } = serviceOf(chat);
    if (name === 'ended' || !supervises(call, chat)) continue;
    const own = chat.skillId === null ? undefined : bySkill.get(chat.skillId);
    for (const figures of own === undefined ? [total] : [own, total]) {
      figures[name] += 1;
      if (chat.phase.name !== 'waiting') continue;
      const { since } = chat.phase.waiting;
      figures.longestWaitSince = Math.min(figures.longestWaitSince ?? since, since);
    }
  }
}

function countAgents(
  call: SupervisionCall,
  bySkill: ReadonlyMap<number, Figures>,
  total: Figures,
): void {
  const { state, config } = call.account.host;
  for (const { id } of supervisedAgents(call)) {
    const session = state.sessionOfUser.get(id);
    const user = config.users.get(id);
    // At a session to watch from nothing ever rings.
    if (session === undefined || user === undefined || session.supervises === true) continue;
    const own = user.skillIds.flatMap((skillId) => bySkill.get(skillId) ?? []);
    for (const figures of [...own, total]) {
      switch (session.availability) {
        case 'Away':
          figures.away += 1;
          continue;
        case 'Online':
          figures.online += 1;
          figures.freeSlots = plus(figures.freeSlots, capped(freeSlots(session, user)));
          break;
        case 'Occupied':
          figures.occupied += 1;
          break;
        default:
          session.availability satisfies never;
      }
      figures.load += loadOf(session);
      figures.capacity = plus(figures.capacity, user.maxChats);
    }
  }
}

/** -1 for no cap, which nothing added to it changes. */
function plus(sum: number, more: number): number {
  return sum < 0 || more < 0 ? -1 : sum + more;
}

function capped(slots: number): number {
  return Number.isFinite(slots) ? slots : -1;
}

function countAccepted(figures: Figures, samples: readonly WaitSample[], now: number): void {
  for (const { at, waitedMs } of samples) {
    if (at < now - WAIT_WINDOW_MS) continue;
    figures.accepted += 1;
    if (waitedMs <= IN_TIME_MS) figures.acceptedIn30 += 1;
  }
}
