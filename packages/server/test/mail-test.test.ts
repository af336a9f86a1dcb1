/** The test of the account's mail server, with a real one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFixture, USERS } from './configuration-fixture.js';
import { MailServer } from './mail-server.js';

const TEST = '/configuration/settings/mail-test';

let configuration: ConfigurationFixture;
let mails: MailServer;

beforeAll(async () => {
  [configuration, mails] = await Promise.all([ConfigurationFixture.start(), MailServer.start()]);
});
afterAll(async () => {
  await configuration.stop();
  await mails.stop();
});

describe('a test mail', () => {
  it('[CFG99] needs a mail server', async () => {
    expect(await configuration.refused('POST', TEST)).toEqual([
      409,
      expect.stringContaining('No mail server is configured: save its host and sender'),
    ]);
  });

  it('[CFG99] goes to the caller’s own address, and the answer says that it was taken', async () => {
    const mail = { host: '127.0.0.1', port: mails.port, from: 'shop@example.com' };
    await configuration.require('PUT', '/configuration/settings', { mail });
    const result = await configuration.require('POST', TEST, { to: 'stranger@example.com' });
    expect(result).toEqual({ to: 'admin1@example.com', outcome: 'accepted' });
    const received = await mails.mail();
    expect(received.to).toEqual(['admin1@example.com']);
    expect(received.headers.get('subject')).toBe('Test mail of Parley');
    expect(received.parts.get('text/plain')).toContain('12345678');
  });

  it('[CFG99] that is refused says why, without what the mail holds', async () => {
    mails.verdict = { status: 550, words: 'admin1@example.com is unknown here' };
    const result = await configuration.require('POST', TEST);
    mails.verdict = null;
    expect(result).toMatchObject({ to: 'admin1@example.com', outcome: 'refused' });
    expect(result['reason']).toContain('550');
    expect(result['reason']).not.toContain('admin1@');
  });

  it('[CFG99] is for administrators with an address, five times in ten minutes', async () => {
    for (const as of ['agent1', 'manager1']) {
      expect((await configuration.call('POST', TEST, undefined, { as })).status).toBe(403);
    }
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await configuration.call('POST', TEST)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    const { headers } = await configuration.call('POST', TEST);
    expect(Number(headers['retry-after'])).toBeGreaterThan(500);
    await configuration.require('PUT', `${USERS}/105`, { email: '' });
    expect(await configuration.refused('POST', TEST)).toEqual([
      409,
      'admin1 has no mail address to send a test to: give the user one first.',
    ]);
  });
});
