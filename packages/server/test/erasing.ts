/** For tests of erasing: a visitor who says much in many ways, and a look into the files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandType } from '@parley/engine';
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import { bySystem, type Submission } from '@parley/runtime/accounts/submission';
import { newChatId } from '@parley/configuration/secrets/tokens';
import type { Fixture } from './chat-fixture.js';

/** Which of the words stand in any file of the server's data directory. */
export function readable({ server }: Fixture, words: readonly string[]): string[] {
  const files = readdirSync(server.dataDir).map((name) => readFileSync(join(server.dataDir, name)));
  return words.filter((word) => files.some((file) => file.includes(word)));
}

/** By whom visitors' commands are. */
export const VISITOR = { by: 'visitor' } as const;

/** Everything that a visitor of that name said, and was. */
export interface Said {
  readonly chatId: string;
  readonly visitorId: string;
  readonly sharkVisitorId: string;
  readonly mailId: string;
  readonly words: readonly string[];
}

/**
 * A visitor looks at a page, is identified, leaves an offline survey, has a chat, says things in it and
 * in surveys, and asks for a transcript; the chat is over afterwards.
 */
export async function sayEverything(host: AccountHost, name: string): Promise<Said> {
  const word = (what: string) => `${name}-${what}-word`;
  const [visitorId, sharkVisitorId, sessionId] = ['visitor', 'shark', 'session'].map(word) as [
    ...[string, string, string],
  ];
  const survey = (what: string) => ({
    ...{ surveyId: 1, title: 'How was it?' },
    answers: [{ questionId: 1, label: 'Why?', values: [word(what)] }],
  });
  const at = host.now();
  const page = { id: '1', title: word('title'), referrer: null, at, timeOnPage: null };
  const does = <T extends CommandType>(command: Submission<T>['command'], newId?: string) =>
    host.execute<T>({ command, actor: VISITOR, ...(newId === undefined ? {} : { newId }) });
  await does<'visit.see'>({
    ...{ type: 'visit.see', sessionId, visitorId: sharkVisitorId },
    facts: { userAgent: word('agent'), ip: '198.51.100.77' },
    pages: [{ ...page, url: `https://shop.example.com/${word('page')}` }],
    attributes: [{ type: 'personal', data: { firstname: word('attribute') } }],
  });
  const identified = await does<'participant.identify'>(
    {
      ...{ type: 'participant.identify', participantId: word('person'), connectorId: 1 },
      ...{ visitorId, tokenHash: word('token'), tokenUntil: at + 3_600_000 },
      profile: { customerId: word('customer') },
    },
    word('conversation'),
  );
  await does<'offline.leaveSurvey'>({
    ...{ type: 'offline.leaveSurvey', skillId: null, survey: survey('offline') },
    visitor: { visitorId, ip: '198.51.100.77', userAgent: word('agent'), language: null },
  });
  const chatId = newChatId();
  await does<'chat.request'>(
    {
      ...{ type: 'chat.request', skillId: null, forUserId: null, maxWait: null },
      ...{ timeout: 600, preChatLines: [word('pre-chat-line')], preChat: survey('pre-chat') },
      participant: identified,
      variables: [{ name: 'plan', value: word('variable') }],
      visitor: {
        ...{ name: word('name'), visitorId, ip: '198.51.100.77', userAgent: word('agent') },
        ...{ referrer: word('referrer'), language: null, engagementId: null, campaignId: null },
        ...{ sharkVisitorId, sharkSessionId: sessionId, sharkContextId: word('context') },
      },
    },
    chatId,
  );
  const from = { party: 'visitor' } as const;
  const line = {
    type: 'chat.addLine',
    chatId,
    from,
    textType: 'plain',
    subType: 'REGULAR',
  } as const;
  await does<'chat.addLine'>({ ...line, text: word('line') });
  await does<'chat.setVisitorName'>({
    ...{ type: 'chat.setVisitorName', chatId, name: word('new-name') },
  });
  await does<'chat.setVariables'>({
    ...{ type: 'chat.setVariables', chatId, variables: [{ name: 'a', value: word('later') }] },
  });
  await does<'chat.end'>({ type: 'chat.end', chatId, from });
  await does<'chat.answerSurvey'>({
    ...{ type: 'chat.answerSurvey', chatId, from, survey: survey('exit') },
  });
  const mailId = `mail of ${name}`;
  await does<'transcript.request'>(
    {
      ...{ type: 'transcript.request', chatId, email: `${word('mail')}@example.com` },
      subject: word('subject'),
    },
    mailId,
  );
  const words = [
    ...['visitor', 'shark', 'session', 'title', 'agent', 'page', 'attribute', 'person', 'customer'],
    ...['offline', 'pre-chat', 'pre-chat-line', 'variable', 'name', 'referrer', 'context', 'line'],
    ...['new-name', 'later', 'exit', 'subject'],
  ].map(word);
  return { chatId, visitorId, sharkVisitorId, mailId, words: [...words, `${word('mail')}@`] };
}

/** The mail server had something to say about it. */
export async function settle(host: AccountHost, { mailId }: Said, reason: string): Promise<void> {
  await host.execute<'transcript.settle'>(
    bySystem({ type: 'transcript.settle', mailId, outcome: { became: 'failed', reason } }),
  );
}
