// biome-ignore-all lint/style/noExcessiveLinesPerFile: its tests share a mail server that refuses as they ask it to
/**
 * Transcripts by mail: a real SMTP conversation, from the request to what arrives.
 */
import { StoreFailure } from '@parley/store';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Visitor, Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { at, DEMO_ACCOUNT, type TestServer } from './harness.js';
import { MailServer, mailTo } from './mail-server.js';

const HOUR = 60 * 60_000;

let mails: MailServer;
let fixture: Fixture;
beforeAll(async () => {
  mails = await MailServer.start();
  fixture = await Fixture.start({
    settings: { mail: mailTo(mails), timeZone: 'America/New_York' },
  });
});
afterEach(async () => {
  await fixture.clear();
  mails.forget();
});
afterAll(async () => {
  await fixture.stop();
  await mails.stop();
});

function ask(visitor: Visitor, email = 'vera@example.com') {
  return visitor.put('/transcriptRequest', { email });
}

function outbox(server: TestServer) {
  const state = server.running.server.accounts.loaded(DEMO_ACCOUNT)?.host.state;
  return [...(state?.outbox.values() ?? [])];
}

/** Waits until nothing is left to be sent. */
async function settled(server: TestServer): Promise<void> {
  const account = server.running.server.accounts.loaded(DEMO_ACCOUNT);
  await waitFor(() => outbox(server).length === 0);
  await account?.host.whenDurable(account.host.state.seq);
}

/** The last event of a type in the chat's journal. */
async function lastOf(server: TestServer, chatId: string, type: string): Promise<unknown> {
  const { entries } = await server.running.server.store.journal.readChat(DEMO_ACCOUNT, chatId);
  const found = entries.findLast((entry) => entry.type === type);
  return found === undefined ? undefined : JSON.parse(found.data);
}

describe('what is sent', () => {
  it('[MAIL1] the chat as the visitor saw it, in plain text and HTML, with the account’s times', async () => {
    const { chat, visitor } = await fixture.chat({ visitorName: 'Vera', language: 'en-US' });
    await visitor.line('Is <b>this</b> in stock?\nReally?');
    await chat.line('<p>Yes &amp; <a href="https://shop.example.com/">here</a></p>', {
      textType: 'html',
    });
    await chat.end();
    const reply = await ask(visitor);
    expect([reply.status, reply.text]).toEqual([200, '{"email":"vera@example.com"}']);
    const mail = await mails.mail();
    expect([mail.from, mail.to]).toEqual(['chat@shop.example.com', ['vera@example.com']]);
    expect(mail.headers.get('from')).toBe('Example Shop <chat@shop.example.com>');
    expect(mail.headers.get('to')).toBe('vera@example.com');
    expect(mail.headers.get('subject')).toBe('Transcript of your chat');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('content-type')).toContain('multipart/alternative');
    const time = '\\[8:\\d\\d:\\d\\d\\sAM\\]';
    const lines = (mail.parts.get('text/plain') ?? '').replaceAll('\r\n', '\n').trim().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'Transcript of your chat',
      'July 1, 2024 (America/New_York)',
      '',
    ]);
    expect(lines.slice(3).join('\n')).toMatch(
      new RegExp(
        `^${time} Thank you for choosing to chat with us. An agent will be with you shortly.\n` +
          `${time} You are now chatting with Anna.\n` +
          `${time} Vera: Is <b>this</b> in stock\\?\n {4}Really\\?\n` +
          `${time} Anna: Yes & here\n` +
          `${time} The agent ended the chat.\n` +
          `${time} The chat ended.$`,
      ),
    );
    const html = mail.parts.get('text/html') ?? '';
    expect(html).toContain('<b>Vera:</b> Is &lt;b&gt;this&lt;/b&gt; in stock?<br>Really?</td>');
    expect(html).toContain(
      '<b>Anna:</b> <p>Yes &amp; <a href="https://shop.example.com/" target="_blank" rel="noopener noreferrer">here</a></p>',
    );
  });

  it('[MAIL2] what is hidden from the visitor is in no part of it', async () => {
    const { chat, visitor } = await fixture.chat({ preChatLines: { line: ['SECRET-1'] } });
    await chat.line('SECRET-2', { subType: 'ONLY_TO_REP' });
    await chat.line('<i>SECRET-3</i>', { subType: 'ONLY_TO_REP', textType: 'html' });
    await visitor.line('hello');
    await visitor.end();
    await chat.line('SECRET-4', { subType: 'ONLY_TO_REP' });
    await ask(visitor);
    const mail = await mails.mail();
    expect(mail.parts.get('text/plain')).toContain('You: hello');
    for (const part of [mail.raw, ...mail.parts.values()]) expect(part).not.toContain('SECRET');
  });

  it('[MAIL3] a subject is the visitor’s, in one line and in any script', async () => {
    const { visitor } = await fixture.chat();
    const path = '/transcriptWithSubjectRequest';
    const body = { email: 'vera@example.com', subject: 'Grüße \u03a9' };
    expect((await visitor.put(path, body)).status).toBe(200);
    const mail = await mails.mail();
    expect(mail.headers.get('subject')).toMatch(/^=\?UTF-8\?[QB]\?[^?]+\?=$/);
    expect(mail.parts.get('text/plain')).toMatch(/^Grüße \u03a9/);
    const injected = { ...body, subject: 'Hi\r\nBcc: eve@example.com' };
    const reply = await visitor.put(path, injected);
    expect([reply.status, at(reply.body, 'error.message')]).toEqual([
      400,
      expect.stringContaining('subject must be one line without'),
    ]);
    expect((await visitor.put(path, { email: 'vera@example.com' })).status).toBe(400);
  });

  it('[MAIL18] holds the end of a chat that is longer than a mail, and says so', async () => {
    const { chat, visitor } = await fixture.chat();
    const host = await fixture.host();
    for (let n = 0; n < 60; n += 1) {
      await give<'chat.addLine'>(host, {
        type: 'chat.addLine',
        chatId: visitor.id,
        from: { party: 'visitor' },
        text: `<${n}> ${'x'.repeat(7_000)}`,
        textType: 'plain',
        subType: 'REGULAR',
      });
    }
    await chat.line('the end');
    await ask(visitor);
    const { parts } = await mails.mail();
    const plain = parts.get('text/plain') ?? '';
    expect(plain).toContain('its beginning is left out');
    expect(plain).toContain('the end');
    expect([plain.includes('<59>'), plain.includes('<30>'), plain.includes('<10>')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(parts.get('text/html')).toContain('its beginning is left out');
  });

  it('[MAIL17] nothing that anybody is called or says looks like a line of somebody else', async () => {
    const { chat, visitor } = await fixture.chat();
    // As the journal of an earlier build may hold it.
    const host = await fixture.host();
    const { id: chatId } = visitor;
    const forged = '[8:00:00 AM] Anna: I promise';
    const name = `Vera\u2028${forged}\n\u202E`;
    await give<'chat.setVisitorName'>(host, { type: 'chat.setVisitorName', chatId, name });
    const breaks = ['\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'];
    for (const mark of breaks) await visitor.line(`hi${mark}${forged}`);
    await chat.line(`<p>hi<br>${forged}</p>`, { textType: 'html' });
    const mail = { chatId, email: 'vera@example.com', subject: `Chat\u2028${forged}` };
    await give<'transcript.request'>(host, { type: 'transcript.request', ...mail }, 'forged');
    const plain = (await mails.mail()).parts.get('text/plain') ?? '';
    const lines = plain.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
    expect(lines[0]).toBe(`Chat ${forged}`);
    const heads = lines.slice(3).filter((line) => line !== '' && !line.startsWith('    '));
    expect(heads.filter((line) => line.startsWith(forged))).toEqual([]);
    expect(
      heads.filter((line) => line.includes('] Vera [8:00:00 AM] Anna: I promise: hi')),
    ).toHaveLength(breaks.length);
    expect(lines.filter((line) => line === `    ${forged}`)).toHaveLength(breaks.length + 1);
    expect(plain).not.toContain('\u202E');
  });

  it('[MAIL4] no address, name or line makes a header or a second recipient', async () => {
    const { visitor } = await fixture.chat({ visitorName: 'Eve\r\nBcc: x@example.com' });
    await visitor.line('.\r\nMAIL FROM:<x@example.com>\r\n\r\nBcc: y@example.com');
    for (const email of ['a@b.c\r\nBcc: x@y.z', 'a@b.c,x@y.z', 'a@b.c>, <x@y.z', 'x', '']) {
      expect((await ask(visitor, email)).status).toBe(400);
    }
    await ask(visitor, "o'neil+chat@example.com");
    const mail = await mails.mail();
    expect(mail.to).toEqual(["o'neil+chat@example.com"]);
    expect([mail.headers.has('bcc'), mails.received.length]).toEqual([false, 1]);
    expect(mail.parts.get('text/plain')).toContain('MAIL FROM:<x@example.com>');
  });

  it('[MAIL5] a transcript can be asked for in the chat and for 30 minutes after it', async () => {
    const { agent, chat, visitor } = await fixture.chat();
    await ask(visitor);
    expect((await mails.mail(1)).parts.get('text/plain')).not.toContain('ended');
    await chat.end();
    await fixture.pass(29 * 60, agent);
    await ask(visitor);
    expect((await mails.mail(2)).parts.get('text/plain')).toContain('The chat ended.');
    await fixture.pass(60, agent);
    expect((await ask(visitor)).status).toBe(404);
  });
});

describe('limits', () => {
  it('[MAIL6] without a mail server 409 says so, and nothing is kept', async () => {
    const bare = await Fixture.start();
    try {
      const { visitor } = await bare.chat();
      const reply = await ask(visitor);
      expect([reply.status, at(reply.body, 'error.internalCode')]).toEqual([409, 1706]);
      expect(at(reply.body, 'error.message')).toContain('no mail server is configured');
      expect(outbox(bare.server)).toEqual([]);
    } finally {
      await bare.stop();
    }
  });

  it('[MAIL7] five transcripts of a chat, no more', async () => {
    const { visitor } = await fixture.chat();
    for (let n = 1; n <= 5; n += 1) expect((await ask(visitor)).status).toBe(200);
    const sixth = await ask(visitor);
    expect([sixth.status, at(sixth.body, 'error.message')]).toEqual([
      409,
      "A chat's transcript is sent 5 times at most, and this one's has been.",
    ]);
    await mails.mail(5);
  });

  it('[MAIL8] another account’s key and another chat’s URI send nothing', async () => {
    const { visitor } = await fixture.chat();
    const url = `${visitor.uri}/transcriptRequest`;
    const body = { email: 'vera@example.com' };
    const calls = [
      fixture.server.call('PUT', url, { body }),
      fixture.server.call('PUT', url, { body, appKey: 'nobody' }),
      fixture.visit('PUT', `/chat/${visitor.id.slice(0, -1)}/transcriptRequest`, { body }),
    ];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([401, 401, 404]);
    expect(outbox(fixture.server)).toEqual([]);
  });
});

describe('delivery', () => {
  it('[MAIL9] what cannot be sent now is tried again, with the same message id', async () => {
    const { visitor } = await fixture.chat();
    mails.verdict = { status: 451, words: 'try later' };
    await ask(visitor);
    await mails.tried(1);
    mails.verdict = null;
    await waitFor(() => {
      fixture.clock.advance(10_000);
      return mails.received.length > 0;
    });
    const mail = await mails.mail();
    await settled(fixture.server);
    const sent = await lastOf(fixture.server, visitor.id, 'transcript.sent');
    expect(mail.headers.get('message-id')).toBe(`<${at(sent, 'mailId')}@shop.example.com>`);
    expect(mails.attempts).toBe(2);
  });

  it('[MAIL10] a refusal for good is not tried again, and is kept with its reason', async () => {
    const { visitor } = await fixture.chat();
    mails.verdict = { status: 550, words: 'no such mailbox' };
    await ask(visitor);
    await mails.tried(1);
    await settled(fixture.server);
    fixture.clock.advance(60_000);
    expect(await lastOf(fixture.server, visitor.id, 'transcript.failed')).toMatchObject({
      reason: expect.stringContaining('no such mailbox'),
    });
    expect([mails.attempts, mails.received.length]).toEqual([1, 0]);
    expect(fixture.server.log).not.toContain('vera@example.com');
  });

  it('[MAIL11] a restart loses none that was acknowledged: it is sent after it', async () => {
    const other = await MailServer.start();
    const fresh = await Fixture.start({ settings: { mail: mailTo(other) } });
    const { visitor } = await fresh.chat();
    await visitor.line('before the restart');
    other.verdict = { status: 451, words: 'try later' };
    expect((await ask(visitor)).status).toBe(200);
    await other.tried(1);
    other.verdict = null;
    const server = await fresh.server.restart();
    const mail = await other.mail();
    expect(mail.parts.get('text/plain')).toContain('You: before the restart');
    await settled(server);
    await server.stop();
    await other.stop();
  });

  it('[MAIL12] one that could not be sent for a day is given up', async () => {
    const other = await MailServer.start();
    const fresh = await Fixture.start({ settings: { mail: mailTo(other) } });
    const { visitor } = await fresh.chat();
    other.verdict = { status: 451, words: 'try later' };
    await ask(visitor);
    const failures = () => fresh.server.log.split('could not be sent').length - 1;
    for (let tries = 1; outbox(fresh.server).length > 0; tries += 1) {
      await waitFor(() => failures() === tries);
      fresh.clock.advance(HOUR);
      await settledOr(fresh.server, () => other.attempts > tries);
    }
    expect(await lastOf(fresh.server, visitor.id, 'transcript.failed')).toMatchObject({
      reason: expect.stringContaining('try later'),
    });
    expect(other.attempts).toBe(25);
    await fresh.stop();
    await other.stop();
  });

  it('[MAIL13] logs in where the mail server asks for it; a wrong password is no refusal for good', async () => {
    const login = { user: 'shop', password: 'correct horse' };
    const guarded = await MailServer.start({ login });
    const mail = mailTo(guarded, { user: 'shop', password: 'wrong' });
    const fresh = await Fixture.start({ settings: { mail } });
    const { visitor } = await fresh.chat();
    await ask(visitor);
    await waitFor(() => fresh.server.log.includes('could not be sent'));
    expect(outbox(fresh.server)).toHaveLength(1);
    await fresh.server.configure({ mail: mailTo(guarded, login) });
    await waitFor(() => {
      fresh.clock.advance(10_000);
      return guarded.received.length > 0;
    });
    expect(fresh.server.log).not.toContain('wrong"');
    expect(fresh.server.log).not.toContain('correct horse');
    await settled(fresh.server);
    await fresh.stop();
    await guarded.stop();
  });

  it('[MAIL16] a disk that fails right after the mail was sent does not send it twice', async () => {
    const { visitor } = await fixture.chat();
    const { journal } = fixture.server.running.server.store;
    const append = journal.append.bind(journal);
    const failing = vi.spyOn(journal, 'append').mockImplementation((accountId, entries) => {
      if (!entries.some(({ type }) => type === 'transcript.sent')) {
        return append(accountId, entries);
      }
      failing.mockRestore();
      return Promise.reject(new StoreFailure('The test says that the disk is full.'));
    });
    await ask(visitor);
    await mails.mail();
    await waitFor(() => fixture.server.log.includes('could not be kept'));
    const { accounts } = fixture.server.running.server;
    await waitFor(() => {
      fixture.clock.advance(1_000);
      return accounts.loaded(DEMO_ACCOUNT) !== undefined && outbox(fixture.server).length === 0;
    });
    await settled(fixture.server);
    expect(await lastOf(fixture.server, visitor.id, 'transcript.sent')).toBeDefined();
    expect(mails.received).toHaveLength(1);
  });

  it('[MAIL14] nothing is sent to a mail server whose certificate is not to be trusted', async () => {
    const stranger = await MailServer.start({ certificate: 'unknown' });
    const fresh = await Fixture.start({ settings: { mail: mailTo(stranger, { secure: true }) } });
    const { visitor } = await fresh.chat();
    await ask(visitor);
    await waitFor(() => fresh.server.log.includes('could not be sent'));
    expect(fresh.server.log).toMatch(/certificate/);
    expect([stranger.attempts, outbox(fresh.server).length]).toEqual([0, 1]);
    await fresh.stop();
    await stranger.stop();
  });

  it('[MAIL15] too many from one client, or to one address, are refused for a while', async () => {
    const limits = { perAddress: 3, perRecipient: 2, window: 600 };
    const settings = { mail: mailTo(mails) };
    const fresh = await Fixture.start({ settings, transcripts: limits });
    const { visitor } = await fresh.chat();
    const replies = [
      await ask(visitor, 'vera@example.com'),
      await ask(visitor, 'VERA@example.com'),
      await ask(visitor, 'vera@example.com'),
      await ask(visitor, 'wim@example.com'),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(replies.slice(2).map(({ body }) => at(body, 'error.message'))).toEqual([
      expect.stringMatching(/^Too many transcripts to this address; wait \d+ seconds/),
      expect.stringMatching(/^Too many transcripts from here; wait \d+ seconds/),
    ]);
    expect(Number(replies[2]?.headers['retry-after'])).toBeGreaterThan(500);
    await mails.mail(2);
    await fresh.stop();
  });

  it('[MAIL15] a server with a trusted key asks for each of its visitors', async () => {
    const settings = { mail: mailTo(mails) };
    const fresh = await Fixture.start({ settings, transcripts: { perAddress: 1, window: 600 } });
    await fresh.add('appKey', { ...VISITOR_KEY, key: 'trusted-key', trusted: true });
    const from = async (visitorIp: string) => {
      const body = { request: { visitorIp } };
      const asked = await fresh.visit('POST', '/chat/request', { appKey: 'trusted-key', body });
      const email = `${visitorIp}@example.com`;
      const path = `${asked.headers.location}/transcriptRequest`;
      return (await fresh.visit('PUT', path, { body: { email } })).status;
    };
    expect(await from('192.0.2.1')).toBe(200);
    expect(await from('192.0.2.2')).toBe(200);
    expect(await from('192.0.2.1')).toBe(429);
    await settled(fresh.server);
    await fresh.stop();
  });
});

const VISITOR_KEY = {
  kind: 'visitor',
  secretHash: null,
  accessToken: null,
  accessTokenSecretHash: null,
  userId: null,
} as const;

/** Waits until nothing is left to be sent, or something else holds. */
function settledOr(server: TestServer, holds: () => boolean): Promise<void> {
  return waitFor(() => holds() || outbox(server).length === 0);
}

/** Tries until it holds; real I/O goes on in between. */
async function waitFor(holds: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(holds()).toBe(true), { timeout: 15_000, interval: 5 });
}
