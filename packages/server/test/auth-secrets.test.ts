/** Secrets that must be read again, and the key they are sealed with. */
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BotKeySecrets,
  keptSecrets,
  newBotKeySecrets,
} from '@parley/configuration/secrets/app-key-secrets';
import { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { NonceStore } from '../src/auth/nonces.js';
import { SecretBox } from '@parley/configuration/secrets/secret-box';
import { openSecretBox, secretKeySource } from '../src/auth/secret-key.js';
import { Administration } from '../src/administration.js';
import { creation } from '@parley/configuration/records/record-changes';
import { DEMO_BOT_CLIENT, DEMO_BOT_KEY, systemClock } from '../src/index.js';
import { type Keys, SigningClient } from './auth-client.js';
import { DEMO_ACCOUNT, DEMO_VISITOR_KEY, FakeClock, startTestServer, textAt } from './harness.js';

const HEX = 'ab'.repeat(32);

describe('the box of secrets', () => {
  const box = new SecretBox(randomBytes(32));

  it('[SECRET1] opens what it sealed, for the same place only', () => {
    const sealed = box.seal('a secret, ü', 'a place');
    expect(sealed).not.toContain('secret');
    expect(box.open(sealed, 'a place')).toBe('a secret, ü');
    expect(box.open(sealed, 'another')).toBeNull();
    expect(box.seal('a secret, ü', 'a place')).not.toBe(sealed);
  });

  it('[SECRET1] opens nothing that another key sealed, or that was changed', () => {
    const sealed = box.seal('a secret', 'a place');
    const other = new SecretBox(randomBytes(32));
    expect([box.fits(sealed), other.fits(sealed)]).toEqual([true, false]);
    expect(other.open(sealed, 'a place')).toBeNull();
    const [id = '', text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(box.open(`${id}.${changed.toString('base64url')}`, 'a place')).toBeNull();
    }
    for (const short of [`${id}.`, `${id}.AAAA`, '', sealed.slice(0, -8)]) {
      expect(box.open(short, 'a place')).toBeNull();
    }
  });
});

describe('the secret key', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parley-secret-'));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  it('[SECRET2] is made at first, for its owner’s eyes only, and kept', async () => {
    // Many at once, as a server and commands beside it may come.
    const boxes = await Promise.all(Array.from({ length: 5 }, () => openSecretBox({ dataDir })));
    expect(new Set(boxes.map(({ keyId }) => keyId)).size).toBe(1);
    const path = join(dataDir, 'secret.key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await readdir(dataDir)).toEqual(['secret.key']);
    await chmod(path, 0o644);
    expect((await openSecretBox({ dataDir })).keyId).toBe(boxes[0]?.keyId);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('[SECRET3] can come from a file or the environment, and no other is made then', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'parley-secret-'));
    try {
      const file = join(dataDir, 'given.key');
      await writeFile(file, `${HEX}\n`, { mode: 0o440 });
      const byFile = await openSecretBox(secretKeySource({ dataDir: empty, secretKeyFile: file }));
      const byText = await openSecretBox(secretKeySource({ dataDir: empty, secretKey: HEX }));
      expect(byFile.keyId).toBe(byText.keyId);
      expect(await readdir(empty)).toEqual([]);
      expect((await stat(file)).mode & 0o777).toBe(0o440);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('[SECRET3] that is none is refused, saying where it came from and what would do', async () => {
    const wrong = join(dataDir, 'wrong');
    await writeFile(wrong, 'not a key');
    const open = (given: { secretKey?: string; secretKeyFile?: string }) =>
      openSecretBox(secretKeySource({ dataDir, ...given }));
    await expect(open({ secretKey: 'short' })).rejects.toThrow(/PARLEY_SECRET_KEY.*64 hex digits/);
    await expect(open({ secretKeyFile: wrong })).rejects.toThrow(`${wrong} does not hold a key`);
    await expect(open({ secretKeyFile: `${wrong}.er` })).rejects.toThrow(/cannot be read.*ENOENT/);
    expect(() => secretKeySource({ dataDir, secretKey: HEX, secretKeyFile: wrong })).toThrow(
      'twice',
    );
    await writeFile(join(dataDir, 'secret.key'), 'damaged');
    await expect(open({})).rejects.toThrow(/secret\.key does not hold a key.*backup/);
  });
});

describe('a server', () => {
  it('[SECRET4] does not start with another key than bots’ secrets were sealed with', async () => {
    const server = await startTestServer();
    const { dataDir } = server;
    const path = join(dataDir, 'secret.key');
    const right = await readFile(path, 'utf8');
    await expect(server.restart({ secretKey: HEX })).rejects.toThrow(
      /secret key is another one.*parley-demo-bot-key \(account 12345678\).*backup/,
    );
    await rm(path);
    await expect(server.restart()).rejects.toThrow('secret key is another one');
    await writeFile(path, right);
    const again = await server.restart();
    await again.stop();
  });

  it('[SECRET5] keeps no secret in the data directory that could be read without the key', async () => {
    const server = await startTestServer();
    try {
      const { store } = server.running.server;
      const desk = new Administration(store, { name: 'test', from: 'here' }, () =>
        openSecretBox({ dataDir: server.dataDir }),
      );
      const made = await desk.createBotKey(DEMO_ACCOUNT, 'bot1', 'tokens');
      const given = await server.call('POST', '/oauth2/token', {
        body: {
          grant_type: 'client_credentials',
          client_id: DEMO_BOT_CLIENT.appKey,
          client_secret: DEMO_BOT_CLIENT.secret,
        },
      });
      const secrets = [
        DEMO_BOT_KEY.secret,
        DEMO_BOT_KEY.accessTokenSecret,
        made.secret,
        made.accessTokenSecret ?? '',
        textAt(given.body, 'access_token'),
      ];
      const files = await readdir(server.dataDir, { withFileTypes: true });
      const names = files.filter((file) => file.isFile()).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['parley.db-wal', 'secret.key']));
      for (const name of names.filter((each) => each !== 'server.lock')) {
        const text = await readFile(join(server.dataDir, name), 'latin1');
        for (const secret of secrets) {
          expect(secret.length).toBeGreaterThan(8);
          expect(text.includes(secret)).toBe(false);
        }
      }
    } finally {
      await server.stop();
    }
  });

  it('[SECRET6] takes signatures of a key that a command made beside it, and logs none of its secrets', async () => {
    const server = await startTestServer({ logLevel: 'trace' });
    const { store, accounts } = server.running.server;
    const url = `${server.base}/agentSession?v=1`;
    const make = async (secretKey?: string) => {
      const source = { dataDir: server.dataDir, ...(secretKey ? { key: secretKey } : {}) };
      const desk = new Administration(store, { name: 'test', from: 'here' }, () =>
        openSecretBox(source),
      );
      const made = await desk.createBotKey(DEMO_ACCOUNT, 'bot1', 'tokens');
      await accounts.refresh(DEMO_ACCOUNT);
      return textsOf(made);
    };
    const keys = await make();
    const client = new SigningClient(systemClock, keys);
    const header = client.sign('POST', url);
    const reply = await server.call('POST', url, { headers: { authorization: header } });
    expect(reply.status).toBe(201);
    const wrong = new SigningClient(systemClock, { ...keys, secret: 'a guessed secret' });
    expect((await wrong.call('POST', url)).status).toBe(401);
    await expect(make(HEX)).rejects.toThrow(/secret key here is another one.*--secret-key-file/);

    // One that was sealed with another key all the same cannot sign, and the operator reads so.
    const foreign = newBotKeySecrets('tokens');
    const kept = keptSecrets(new SecretBox(Buffer.from(HEX, 'hex')), DEMO_ACCOUNT, foreign);
    await store.config.write(DEMO_ACCOUNT, {
      changes: [creation('appKey', { ...kept, kind: 'agent', userId: 103, trusted: false })],
    });
    await accounts.refresh(DEMO_ACCOUNT);
    const unable = new SigningClient(systemClock, textsOf(foreign));
    expect((await unable.call('POST', url)).status).toBe(401);
    expect(server.log).toContain('the secret key does not open the secrets of this app key');
    await server.stop();
    for (const secret of [...Object.values(keys), foreign.appKey, DEMO_VISITOR_KEY, header]) {
      expect(secret.length).toBeGreaterThan(8);
      expect(server.log).not.toContain(secret);
    }
  });
});

/** The keys of a bot that signs. */
function textsOf({ appKey, secret, accessToken, accessTokenSecret }: BotKeySecrets): Keys {
  return {
    appKey,
    secret,
    accessToken: accessToken ?? '',
    accessTokenSecret: accessTokenSecret ?? '',
  };
}

describe('nonces', () => {
  const START = 1_700_000_000_000;

  function start(most?: number) {
    const clock = new FakeClock(START);
    const nonces = new NonceStore(new SteadyClock(clock), most);
    /** @param ago how many seconds before now it was signed */
    const use = (holder: string, nonce: string, ago = 0) =>
      nonces.use(holder, nonce, Math.floor(clock.now() / 1000) - ago);
    return { clock, use };
  }

  it('[SIGN8] are one holder’s own', () => {
    const { use } = start();
    expect(use('a', 'n')).toBe('fresh');
    expect(use('b', 'n')).toBe('fresh');
    expect(use('a', 'n')).toBe('replayed');
    // RFC 5849, 3.3: unique across requests with the same timestamp.
    expect(use('a', 'n', -1)).toBe('fresh');
  });

  it('[SIGN9] are forgotten when their time is over, and refused for that', () => {
    const { clock, use } = start(3);
    for (let round = 0; round < 100; round += 1) {
      expect(use('a', `n${round}`)).toBe('fresh');
      expect(use('a', `n${round}`)).toBe('replayed');
      clock.advance(301_000);
      expect(use('a', `n${round}`, 301)).toBe('out-of-time');
    }
  });

  it('[SIGN13] that are too many are forgotten with their time, of who has most of them', () => {
    const { clock, use } = start(10);
    clock.advance(100_000);
    expect(use('quiet', 'n', 60)).toBe('fresh');
    for (let index = 0; index < 50; index += 1) {
      expect(use('busy', `n${index}`, 50 - index)).toBe('fresh');
    }
    // What was forgotten is refused, not carried out again; what is remembered is distinguished.
    expect(use('busy', 'n0', 50)).toBe('out-of-time');
    expect(use('busy', 'new', 45)).toBe('out-of-time');
    expect(use('busy', 'n49', 1)).toBe('replayed');
    expect(use('quiet', 'n', 60)).toBe('replayed');
  });

  it('[SIGN8] are distinguished however long they are', () => {
    const { use } = start();
    const [one, other] = [`${'n'.repeat(255)}1`, `${'n'.repeat(255)}2`];
    expect([use('a', one), use('a', other)]).toEqual(['fresh', 'fresh']);
    expect([use('a', one), use('a', other)]).toEqual(['replayed', 'replayed']);
  });

  it('[SIGN13] are counted right over a long time', () => {
    const { clock, use } = start(1000);
    for (let index = 0; index < 5_000; index += 1) {
      clock.advance(1_000);
      expect(use('a', 'same')).toBe('fresh');
    }
    // 300 are remembered at a time, far below the bound: none was forgotten early.
    expect(use('a', 'same', 299)).toBe('replayed');
  });
});
