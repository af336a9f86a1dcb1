/** What a visitor can ask of the account before there is a chat (visitor.md). */
import {
  type Audience,
  availableSlots,
  estimatedWait,
  isAvailable,
  someoneOnline,
} from '@parley/engine';
import {
  accountDocument,
  availableSlotsDocument,
  estimatedWaitTimeDocument,
  REL,
  skillsAvailabilityDocument,
  visitorAvailabilityDocument,
  WireError,
} from '@parley/protocol';
import { nameKey } from '../config/records.js';
import type { Answer } from '../http/call.js';
import type { VisitorCall } from './admit.js';

/** Longest `maxWaitTime`, seconds (visitor.md). */
const LONGEST_WAIT = 86_400;

export function getAccount(call: VisitorCall): Answer {
  const chat = `${call.base}/chat`;
  return call.answer(accountDocument, {
    id: call.account.id,
    link: [
      { href: call.base, rel: REL.self },
      { href: `${chat}/availability`, rel: REL.chatAvailability },
      { href: `${chat}/availableSlots`, rel: REL.chatAvailableSlots },
      { href: `${chat}/estimatedWaitTime`, rel: REL.chatEstimatedWaitTime },
      { href: `${chat}/request`, rel: REL.chatRequest },
      { href: `${chat}/preSurvey`, rel: REL.preChatSurvey },
      { href: `${chat}/offlineSurvey`, rel: REL.offlineSurvey },
    ],
  });
}

/**
 * The id of a skill given by name, or by id.
 * @throws WireError 400 naming it.
 */
export function skillIdOf(call: VisitorCall, skill: string): number {
  const { skillByName, engine } = call.account.setup;
  const byName = skillByName.get(nameKey(skill));
  if (byName !== undefined) return byName.id;
  const id = Number(skill);
  if (/^\d{1,15}$/.test(skill) && engine.skills.has(id)) return id;
  throw new WireError(
    'unknownSkill',
    `There is no skill "${skill.slice(0, 100)}" in this account.`,
  );
}

/**
 * The id of an agent given by login name.
 * @throws WireError 400 naming it.
 */
export function agentIdOf(call: VisitorCall, loginName: string): number {
  const user = call.account.setup.userByLogin.get(nameKey(loginName));
  if (user?.enabled && user.roles.includes('agent')) return user.id;
  throw new WireError(
    'unknownAgent',
    `There is no agent with the login name "${loginName.slice(0, 100)}" in this account.`,
  );
}

/** Whom the query asks about; `agent` excludes the rest. */
function audienceOf(call: VisitorCall): Audience {
  const agent = call.query('agent');
  const skill = call.query('skill') || call.query('serviceQueue') || undefined;
  if (agent === undefined || agent === '') {
    return { skillId: skill === undefined ? null : skillIdOf(call, skill) };
  }
  if (skill !== undefined || call.query('maxWaitTime') !== undefined) {
    throw new WireError(
      'invalidQuery',
      'Query parameter agent excludes skill, serviceQueue and maxWaitTime: send one or the other.',
    );
  }
  return { userId: agentIdOf(call, agent) };
}

function maxWaitOf(call: VisitorCall): number | null {
  return call.queryInteger('maxWaitTime', { min: 0, max: LONGEST_WAIT }) ?? null;
}

export async function getAvailability(call: VisitorCall): Promise<Answer> {
  const { host } = call.account;
  await host.settled(host.state.rosterSeq);
  const maxWait = maxWaitOf(call);
  const available = (of: Audience) => isAvailable(host.state, host.config, of, maxWait, host.now());
  const skills = call
    .queryAll('skill')
    .flatMap((value) => value.split(','))
    .filter(Boolean);
  if (skills.length < 2) {
    return call.answer(visitorAvailabilityDocument, available(audienceOf(call)));
  }
  return call.answer(skillsAvailabilityDocument, {
    AvailabilityForSkills: skills.map((skill) => ({
      skill,
      isAvailable: available({ skillId: skillIdOf(call, skill) }),
    })),
  });
}

export async function getAvailableSlots(call: VisitorCall): Promise<Answer> {
  const { host } = call.account;
  await host.settled(host.state.rosterSeq);
  const of = audienceOf(call);
  const maxWait = maxWaitOf(call);
  const slots = availableSlots(host.state, host.config, of);
  // Nobody gets a slot within a wait that is not expected to be kept.
  const inTime = maxWait === null || isAvailable(host.state, host.config, of, maxWait, host.now());
  return call.answer(availableSlotsDocument, inTime ? slots : 0);
}

export async function getEstimatedWait(call: VisitorCall): Promise<Answer> {
  const { host } = call.account;
  await host.settled(host.state.rosterSeq);
  const of = audienceOf(call);
  if (of.userId !== undefined) {
    const online = someoneOnline(host.state, host.config, null, of.userId);
    const free = online && availableSlots(host.state, host.config, of) !== 0;
    return call.answer(estimatedWaitTimeDocument, free ? 0 : online ? -2 : -1);
  }
  const seconds = estimatedWait(host.state, host.config, of.skillId, host.now());
  return call.answer(estimatedWaitTimeDocument, seconds);
}
