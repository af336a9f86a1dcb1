/** Which mail servers are connected to: those of the operator's networks too, but no links and no metadata services. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailSettings } from '@parley/configuration/records/settings-record';
import { OutgoingAddresses } from '@parley/configuration/outgoing-addresses';
import { reachableAddresses } from '@parley/runtime/outgoing/host-addresses';
import type { Lookup } from '@parley/runtime/outgoing/request';
import { sendMail } from '@parley/runtime/mail/mailer';
import { at, startTestServer, type TestServer } from './harness.js';
import { MailServer } from './mail-server.js';

const REFUSED = [
  ['169.254.169.254', 'the address of a metadata service'],
  ['169.254.7.7', 'an address for special use'],
  ['fe80::1', 'an address for special use'],
  ['fd00:ec2::254', 'the address of a metadata service'],
  ['::ffff:169.254.169.254', 'the address of a metadata service'],
  ['0.0.0.0', 'an address for special use'],
  ['224.0.0.1', 'an address for special use'],
] as const;

let mails: MailServer;
beforeAll(async () => {
  mails = await MailServer.start();
});
afterAll(() => mails.stop());

const MAIL = { to: 'vera@example.com', id: 'm1', subject: 'Hello', text: 'Hello', html: 'Hello' };

function mailTo(host: string): MailSettings {
  const from = 'shop@example.com';
  return { host, port: mails.port, secure: false, user: '', password: '', from };
}

/** Names are found at these addresses; counts how often that was asked. */
function finding(...addresses: readonly string[]) {
  const names: string[] = [];
  const lookup: Lookup = (name, _, done) => {
    names.push(name);
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  const find = (host: string) =>
    reachableAddresses(new OutgoingAddresses([]), host, 'private', lookup);
  return { find, names };
}

describe('a mail server', () => {
  it('[OUTGO5] by name is looked up once, and the first of its addresses that answers is taken', async () => {
    // Nobody listens at the first one.
    const { find, names } = finding('127.0.0.9', '127.0.0.1');
    const delivery = await sendMail(mailTo('mail.shop.example'), MAIL, find);
    expect(delivery).toEqual({ outcome: 'accepted' });
    expect(names).toEqual(['mail.shop.example']);
    expect((await mails.mail()).to).toEqual(['vera@example.com']);
  });

  it.each(REFUSED)('[OUTGO5] found at %s is not connected to', async (address, why) => {
    const { find } = finding(address);
    for (const host of [address, 'mail.shop.example']) {
      const { outcome, ...rest } = await sendMail(mailTo(host), MAIL, find);
      expect([outcome, at(rest, 'reason')]).toEqual(['not-now', expect.stringContaining(why)]);
      expect(at(rest, 'reason')).toContain('--outgoing-allow');
    }
  });

  it('[OUTGO5] of which only some addresses may be reached is reached at those', async () => {
    const { find } = finding('169.254.169.254', '127.0.0.1');
    expect(await find('mail.shop.example')).toEqual(['127.0.0.1']);
  });
});

describe('the setting of it', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const put = async (to: TestServer, host: string) => {
    const { bearer } = await to.login('admin1');
    const body = { mail: { host, from: 'shop@example.com' } };
    return to.call('PUT', '/configuration/settings', { bearer, body });
  };

  it('[OUTGO6] refuses such addresses at once, and takes those of one’s own networks', async () => {
    for (const [host, why] of REFUSED) {
      const reply = await put(server, host);
      expect([host, reply.status]).toEqual([host, 400]);
      expect(reply.text).toContain(`mail.host \\"${host}\\" is ${why}`);
    }
    for (const host of ['10.1.2.3', '192.168.0.1', '127.0.0.1', 'fd12::1', 'mail.example.com']) {
      expect([host, (await put(server, host)).status]).toEqual([host, 200]);
    }
    // A number is an address too, to whoever looks it up.
    for (const host of [
      '2852039166',
      '0xa9.0xfe.0xa9.0xfe',
      '0251.0376.0251.0376',
      '169.16689662',
    ]) {
      const reply = await put(server, host);
      expect([host, reply.status]).toEqual([host, 400]);
      expect(reply.text).toContain('the address of a metadata service');
    }
    const { text } = await put(server, '0x7f.1');
    expect(at(JSON.parse(text), 'mail.host')).toBe('127.0.0.1');
    await expect(
      reachableAddresses(new OutgoingAddresses([]), '2852039166', 'private'),
    ).rejects.toThrow('the address of a metadata service');
  });

  it.each([
    ['mail.example.com:25'],
    ['smtp://mail.example.com'],
    ['mail..example.com'],
    ['-mail.example.com'],
    ['1.2.3.400'],
    ['mail server'],
    ['[::1]'],
    ['mail.exämple.com'],
    [`${'a'.repeat(64)}.example.com`],
  ])('[OUTGO6] refuses %s, which is no host', async (host) => {
    const reply = await put(server, host);
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('mail.port')]);
  });

  it('[OUTGO6] takes what the operator allows', async () => {
    const allowing = await startTestServer({ outgoingAllow: ['169.254.0.0/16'] });
    try {
      expect((await put(allowing, '169.254.169.254')).status).toBe(200);
      expect((await put(allowing, 'fe80::1')).status).toBe(400);
    } finally {
      await allowing.stop();
    }
  });
});
