import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutgoingAddresses } from '@parley/configuration/outgoing-addresses';
import { type Lookup, Outgoing } from '@parley/runtime/outgoing/request';

describe('addresses', () => {
  const addresses = new OutgoingAddresses([]);

  it.each([
    ...['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '192.0.1.1'],
    ...['2606:4700::1111', '2a00:1450:4001::64', '::ffff:8.8.8.8'],
  ])('[OUTGO1] of the internet are reached: %s', (address) => {
    expect(addresses.refuses(address, 'public')).toBeNull();
  });

  it.each([
    ...['127.0.0.1', '127.9.9.9', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
    ...['100.64.0.1', '::1', 'fc00::1', 'fdff::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1'],
    ...['::ffff:7f00:1', '::127.0.0.1'],
  ])('[OUTGO1] of private networks are reached by a use for them alone: %s', (address) => {
    expect(addresses.refuses(address, 'public')).toContain('private network');
    expect(addresses.refuses(address, 'private')).toBeNull();
  });

  it.each([
    ...['169.254.169.254', '169.254.1.1', '168.63.129.16', '100.100.100.200', '192.0.0.192'],
    ...['0.0.0.0', '0.1.2.3', '192.0.2.1', '198.51.100.7', '203.0.113.9', '198.18.0.1'],
    ...['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
    ...['::', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2001:db8::1', 'fd00:ec2::254'],
    // Others' addresses inside of their own: 127.0.0.1 and 10.0.0.1.
    ...['64:ff9b::7f00:1', '64:ff9b::a00:1', '2002:7f00:1::1', '2001:0:a00:1::1'],
    ...['::ffff:169.254.169.254', '100::1', '4000::1', 'localhost', '127.1', '0x7f.1', ''],
  ])(
    '[OUTGO1] of links, metadata services and for special uses are never reached: %s',
    (address) => {
      expect(addresses.refuses(address, 'private')).not.toBeNull();
      expect(addresses.refuses(address, 'public')).not.toBeNull();
    },
  );

  it('[OUTGO2] that the operator allows are reached, and no others for it', () => {
    const allowed = new OutgoingAddresses([
      '127.0.0.1',
      '10.1.0.0/16',
      'fd00::/8',
      '169.254.1.1/32',
    ]);
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '10.1.2.3', 'fd12::1', '169.254.1.1']) {
      expect([address, allowed.refuses(address, 'public')]).toEqual([address, null]);
    }
    for (const address of ['127.0.0.2', '10.2.0.1', '::1', '169.254.169.254']) {
      expect([address, allowed.refuses(address, 'public')]).toEqual([address, expect.any(String)]);
    }
    for (const wrong of ['localhost', '10.0.0.0/33', '', '10.0.0.0/8/8']) {
      expect(() => new OutgoingAddresses([wrong])).toThrow(`"${wrong}"`);
    }
  });
});

describe('requests', () => {
  let server: Server;
  let port: number;
  let asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/moved') response.writeHead(302, { location: '/private' }).end();
      else if (request.url === '/large') response.end('x'.repeat(2_000));
      else if (request.url === '/slow') response.write('x');
      else request.pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const bounds = { method: 'GET', timeoutMs: 5_000, maxBytes: 1_000 } as const;
  const here = new Outgoing(new OutgoingAddresses(['127.0.0.1']));
  /** Every name is found at these addresses, one after the other. */
  const finding = (...addresses: readonly string[]) => {
    const names: string[] = [];
    const lookup: Lookup = (name, _, done) => {
      names.push(name);
      done(
        null,
        addresses.map((address): LookupAddress => ({ address, family: 4 })),
      );
    };
    return { lookup, names };
  };

  it('[OUTGO2, OUTGO3] go where the operator allows, and every status is an answer', async () => {
    const url = `http://127.0.0.1:${port}/echo`;
    const sent = { ...bounds, method: 'POST', url, body: 'grüß' } as const;
    expect(await here.request(sent)).toMatchObject({ status: 200, text: 'grüß' });
    asked = [];
    const moved = await here.request({ ...bounds, url: `http://127.0.0.1:${port}/moved` });
    expect([moved.status, asked]).toEqual([302, ['GET /moved']]);
  });

  it('[OUTGO1] are not made to addresses that are not reached, however they are named', async () => {
    asked = [];
    const nowhere = new OutgoingAddresses([]);
    const { lookup } = finding('127.0.0.1', '10.0.0.1');
    for (const [outgoing, url] of [
      [new Outgoing(nowhere), `https://127.0.0.1:${port}/`],
      [new Outgoing(nowhere), `https://[::ffff:127.0.0.1]:${port}/`],
      [new Outgoing(nowhere), `https://2130706433:${port}/`],
      [new Outgoing(nowhere), `https://localhost:${port}/`],
      [new Outgoing(nowhere, lookup), `https://idp.example.com:${port}/`],
      [new Outgoing(nowhere), `http://93.184.216.34:${port}/`],
      [here, 'ftp://127.0.0.1/'],
      [here, 'idp.example.com'],
      [here, `http://user:secret@127.0.0.1:${port}/`],
    ] as const) {
      const failed = await outgoing.request({ ...bounds, url }).catch((error: unknown) => error);
      expect([url, String(failed)]).toEqual([url, expect.stringContaining('OutgoingFailure')]);
      expect(String(failed)).not.toContain('secret');
    }
    expect(asked).toEqual([]);
  });

  it('[OUTGO4] look a name up once and go to what was found and checked', async () => {
    const { lookup, names } = finding('10.0.0.1', '127.0.0.1');
    const outgoing = new Outgoing(new OutgoingAddresses(['127.0.0.1']), lookup);
    const answer = await outgoing.request({ ...bounds, url: `http://idp.example.com:${port}/` });
    expect([answer.status, names]).toEqual([200, ['idp.example.com']]);
  });

  it('[OUTGO3] are bounded in time and size', async () => {
    const url = (path: string) => `http://127.0.0.1:${port}${path}`;
    await expect(here.request({ ...bounds, url: url('/large') })).rejects.toThrow(
      /^127\.0\.0\.1:\d+ answered more than 1,000 bytes$/,
    );
    await expect(here.request({ ...bounds, url: url('/slow'), timeoutMs: 50 })).rejects.toThrow(
      'did not answer within 0.05 s',
    );
  });
});
