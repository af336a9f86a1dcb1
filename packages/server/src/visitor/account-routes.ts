/** What a visitor can ask of the account before there is a chat. */
import { answerLive, answerWith } from '../http/reply.js';
import { queryParam, queryParams } from '../http/query.js';
import { type Audience, availableSlots, estimatedWait, isAvailable } from '@parley/engine';
import {
  accountDocument,
  availableSlotsDocument,
  estimatedWaitTimeDocument,
  REL,
  skillsAvailabilityDocument,
  visitorAvailabilityDocument,
  WireError,
} from '@parley/protocol';
import {
  AUDIENCE_QUERY,
  agentAsked,
  audienceOf,
  maxWaitOf,
  skillIdOf,
  slotsAsked,
} from '../chat/audience.js';
import type { Operation } from '../http/operation.js';
import type { VisitorCall } from './authorize.js';

export const getAccount: Operation<VisitorCall> = {
  summary: 'Returns the links of the account’s visitor resources.',
  answers: { 200: accountDocument },
  handle(call) {
    const chat = `${call.base}/chat`;
    return answerWith(call, accountDocument, {
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
  },
};

export const getAvailability: Operation<VisitorCall> = {
  summary: 'Returns whether a chat could be taken; for several skills, whether each of them could.',
  query: {
    ...AUDIENCE_QUERY,
    skill: {
      description:
        'Name of a skill. For several, repeat the parameter or separate the names with commas.',
      schema: { type: 'string' },
      repeated: true,
    },
  },
  answers: { 200: [visitorAvailabilityDocument, skillsAvailabilityDocument] },
  errors: ['invalidQuery', 'unknownSkill', 'unknownAgent'],
  handle(call) {
    const { host } = call.account;
    const seq = host.state.rosterSeq;
    const maxWait = maxWaitOf(call);
    const available = (of: Audience) =>
      isAvailable(host.state, host.config, of, maxWait, host.now());
    const skills = queryParam(call, 'skillId') ? [] : skillsAsked(call);
    if (skills.length < 2) {
      const answer = available(audienceOf(call));
      return answerLive(call, visitorAvailabilityDocument, answer, seq);
    }
    agentAsked(call);
    const each = skills.map((skill) => ({
      skill,
      isAvailable: available({ skillId: skillIdOf(call, { name: skill }) }),
    }));
    return answerLive(call, skillsAvailabilityDocument, { AvailabilityForSkills: each }, seq);
  },
};

/** Skills asked about at once, at most. */
const MAX_SKILLS = 100;

/**
 * A comma separates skills, unless it belongs to the name of one.
 * @throws WireError 400 for too many.
 */
function skillsAsked(call: VisitorCall): readonly string[] {
  const { skillByName } = call.account.setup;
  const skills = queryParams(call, 'skill')
    .flatMap((value) => (skillByName.has(value) ? [value] : value.split(',')))
    .map((skill) => skill.trim())
    .filter((skill) => skill !== '');
  if (skills.length <= MAX_SKILLS) return skills;
  throw new WireError(
    'invalidQuery',
    `Query parameter skill names ${skills.length} skills; ask for at most ${MAX_SKILLS} at once.`,
  );
}

export const getAvailableSlots: Operation<VisitorCall> = {
  summary: 'Returns how many more chats could be taken now, or -1 if there is no limit.',
  query: AUDIENCE_QUERY,
  answers: { 200: availableSlotsDocument },
  errors: ['invalidQuery', 'unknownSkill', 'unknownAgent'],
  handle(call) {
    const { rosterSeq } = call.account.host.state;
    return answerLive(call, availableSlotsDocument, slotsAsked(call), rosterSeq);
  },
};

export const getEstimatedWait: Operation<VisitorCall> = {
  summary: 'Returns the estimated wait in seconds: 0 now, -1 nobody is online, -2 not known yet.',
  query: AUDIENCE_QUERY,
  answers: { 200: estimatedWaitTimeDocument },
  errors: ['invalidQuery', 'unknownSkill', 'unknownAgent'],
  handle(call) {
    const { host } = call.account;
    const seconds = waitOf(call, audienceOf(call));
    return answerLive(call, estimatedWaitTimeDocument, seconds, host.state.rosterSeq);
  },
};

/** One agent's wait is known only while they have a free slot, or are not there at all. */
function waitOf({ account: { host } }: VisitorCall, of: Audience): number {
  if (of.userId === undefined) {
    return estimatedWait(host.state, host.config, of.skillId, host.now());
  }
  const now = host.now();
  if (!isAvailable(host.state, host.config, of, null, now)) return -1;
  return availableSlots(host.state, host.config, of, now) === 0 ? -2 : 0;
}
