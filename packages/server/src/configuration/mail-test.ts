/**
 * `…/configuration/settings/mail-test`: a mail by the account's mail server, with what that server says. It goes
 * to the caller's own address, so that nobody can be sent mails by it.
 */
import { randomUUID } from 'node:crypto';
import { type MailTestDocument, mailTestDocument, WireError } from '@parley/protocol';
import { type Mail, sendMail } from '@parley/runtime/mail/mailer';
import type { FastifyInstance } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Answer } from '../http/answer.js';
import { answerWith } from '../http/reply.js';
import { resource } from '../http/resource.js';
import { type ConfigurationCall, requireAdministrator } from './call.js';
import { CONFIGURATION_API } from './collection-routes.js';
import type { ConfigurationContext } from './context.js';

/** Test mails that one user can send within the window, seconds. */
const MAX_TESTS = 5;
const WINDOW = 600;

/** Registers the test of the mail server. */
export function registerMailTest(app: FastifyInstance, server: ConfigurationContext): void {
  const sent = new RateLimiterMemory({ points: MAX_TESTS, duration: WINDOW });
  resource(app, server, CONFIGURATION_API, '/configuration/settings/mail-test', {
    POST: {
      summary: "Sends a test mail to the caller's own address.",
      description:
        'Waits for the mail server and returns its verdict: `accepted`, `refused` for good, or `not-now`, with the reason. Each user may send five in ten minutes.',
      answers: { 200: mailTestDocument },
      errors: ['unauthorized', 'forbidden', 'conflict', 'mailNotConfigured', 'tooManyRequests'],
      handle: (call) => testMail(call, sent),
    },
  });
}

/** @throws WireError 403, 409 without a mail server or an address, 429 */
async function testMail(call: ConfigurationCall, sent: RateLimiterMemory): Promise<Answer> {
  requireAdministrator(call);
  const { account, server, user } = call;
  const { mail } = account.setup.settings;
  if (mail === null) {
    throw new WireError(
      'mailNotConfigured',
      'No mail server is configured: save its host and sender in the settings, then test it.',
    );
  }
  if (user.email === '') {
    throw new WireError(
      'conflict',
      `${user.loginName} has no mail address to send a test to: give the user one first.`,
    );
  }
  await count(sent, `${account.id}/${user.id}`);
  const delivery = await sendMail(mail, testTo(user.email, account.id), server.findMailHost);
  const result: MailTestDocument = { to: user.email, ...delivery };
  return answerWith(call, mailTestDocument, result);
}

/** @throws WireError 429 */
async function count(sent: RateLimiterMemory, who: string): Promise<void> {
  try {
    await sent.consume(who);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
    throw new WireError(
      'tooManyRequests',
      `Too many test mails by this user; wait ${seconds} seconds and try again.`,
      { 'retry-after': String(seconds) },
    );
  }
}

function testTo(to: string, account: string): Mail {
  const text = `This is a test mail of account ${account}. Its mail server works: transcripts of chats can be sent.`;
  return { to, id: randomUUID(), subject: 'Test mail of Parley', text, html: `<p>${text}</p>` };
}
