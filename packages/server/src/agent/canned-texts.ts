/** `S/cannedTexts`: texts that the agent may use, for programs that work in the session as well. */
import { cannedTextsDocument, REL } from '@parley/protocol';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import { answerTagged } from '../http/reply.js';
import type { SessionCall } from './authorize.js';

export const getCannedTexts: Operation<SessionCall> = {
  summary: 'Lists the canned texts that the agent may use.',
  description:
    'Returns the enabled texts that are for everybody or for one of the agent’s skills, in all their languages.',
  ...TAGGED,
  answers: { 200: cannedTextsDocument, 304: null },
  handle(call) {
    const { user, sessionUri } = call;
    const { cannedContent } = call.account.setup.records;
    const cannedText = [...cannedContent.values()]
      .filter(
        ({ enabled, skillIds }) =>
          enabled && (skillIds.length === 0 || skillIds.some((id) => user.skillIds.includes(id))),
      )
      .map(({ id, name, texts }) => ({
        ...{ id, name },
        text: texts.map(({ language, title, text }) => ({
          ...{ language, text },
          ...(title === undefined ? {} : { title }),
        })),
      }));
    const link = [{ href: `${sessionUri}/cannedTexts`, rel: REL.self }];
    return answerTagged(call, cannedTextsDocument, { link, cannedText }, 0);
  },
};
