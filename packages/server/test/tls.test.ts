import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCertificate, readCertificate } from '../src/tls/certificate.js';
import { createLog } from '../src/log.js';
import { certificateNames, checkOptions } from '../src/start-options.js';
import { inspectCertificate } from '../src/tls/inspect.js';
import { makeCertificate } from '../src/tls/own-certificate.js';
import { CertificateRenewal } from '../src/tls/renewal.js';
import { exchange } from './security-sockets.js';
import { call, FakeClock, startTestServer, type TestServer } from './harness.js';

const DAY = 24 * 60 * 60 * 1000;
const NAMES = ['localhost', '127.0.0.1', '::1'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-tls-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a server without a certificate', () => {
  let server: TestServer;
  let ca: string;
  beforeAll(async () => {
    server = await startTestServer({ httpsPort: 0, publicDomain: 'chat.example.com:8443' });
    ca = await readFile(server.running.caFile ?? '', 'utf8');
  });
  afterAll(() => server.stop());

  it.each(['localhost', '127.0.0.1'])(
    '[TLS1] makes one that clients accept who trust its ca.pem: https://%s',
    async (name) => {
      const url = `https://${name}:${server.running.httpsPort}/healthz`;
      expect((await call('GET', url, { ca })).status).toBe(200);
      await expect(call('GET', url)).rejects.toThrow(/certificate/);
    },
  );

  it('[TLS1] makes it for the public domain and all names of this machine', async () => {
    const cert = new X509Certificate(await readFile(join(server.dataDir, 'tls/cert.pem')));
    expect(cert.checkHost('chat.example.com')).toBe('chat.example.com');
    for (const address of ['127.0.0.1', '::1']) expect(cert.checkIP(address)).toBe(address);
    expect(cert.ca).toBe(false);
    expect(Date.parse(cert.validTo) - Date.now()).toBeLessThan(825 * DAY);
  });

  it('[TLS9] on every address of the machine it is for the machine’s name and addresses too', () => {
    const names = certificateNames(checkOptions({ dataDir: folder, host: '0.0.0.0' }));
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    expect(names).toEqual(expect.arrayContaining(['localhost', hostname(), ...others]));
    const alone = certificateNames(checkOptions({ dataDir: folder }));
    expect(alone).toEqual(['localhost', '127.0.0.1', '::1']);
  });

  it('[TLS2] lets nobody else read the key, and keeps none of the authority', async () => {
    const tls = join(server.dataDir, 'tls');
    expect((await readdir(tls)).sort()).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect((await stat(join(tls, 'key.pem'))).mode & 0o777).toBe(0o600);
    expect((await stat(tls)).mode & 0o077).toBe(0);
    const key = await readFile(join(tls, 'key.pem'), 'utf8');
    const cert = new X509Certificate(await readFile(join(tls, 'cert.pem')));
    const { createPrivateKey } = await import('node:crypto');
    expect(cert.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(new X509Certificate(ca).checkPrivateKey(createPrivateKey(key))).toBe(false);
  });
});

const serial = (pem: string) => new X509Certificate(pem).serialNumber;

/** Serial number of the certificate that a new connection is shown. */
function shown(server: TestServer): Promise<string> {
  return new Promise((resolve, reject) => {
    const port = server.running.httpsPort ?? 0;
    const socket = connect({ host: 'localhost', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('a renewed certificate of the operator', () => {
  it('[TLS8] is used when the files change or the server is asked, without a new start', async () => {
    const own = await mkdtemp(join(folder, 'renewed-'));
    const files = { certFile: join(own, 'cert.pem'), keyFile: join(own, 'key.pem') };
    const write = async ({ cert, key }: { cert: string; key: string }) => {
      await writeFile(files.keyFile, key);
      await writeFile(files.certFile, cert);
    };
    const first = await makeCertificate(NAMES, Date.now());
    await write(first);
    const server = await startTestServer({ httpsPort: 0, tls: files });
    try {
      expect(await shown(server)).toBe(serial(first.cert));
      expect(await server.running.reloadCertificate()).toBe('unchanged');

      const second = await makeCertificate(NAMES, Date.now());
      await write(second);
      expect(await server.running.reloadCertificate()).toBe('renewed');
      expect(await shown(server)).toBe(serial(second.cert));

      // A pair that does not fit changes nothing.
      await writeFile(files.certFile, first.cert);
      expect(await server.running.reloadCertificate()).toBe('refused');
      expect(await shown(server)).toBe(serial(second.cert));
    } finally {
      await server.stop();
    }
  });

  it('[TLS8] is noticed by itself', async () => {
    const own = await mkdtemp(join(folder, 'noticed-'));
    const files = { certFile: join(own, 'cert.pem'), keyFile: join(own, 'key.pem') };
    const [before, after] = [
      await makeCertificate(NAMES, Date.now()),
      await makeCertificate(NAMES, Date.now()),
    ];
    await writeFile(files.certFile, before.cert);
    await writeFile(files.keyFile, before.key);
    const used = new Promise<string>((resolve) => {
      const renewal = new CertificateRenewal({
        files,
        current: { ...before, caFile: null, origin: 'given' },
        use: ({ cert }) => {
          renewal.stop();
          resolve(cert);
        },
        log: createLog('silent', process.stderr),
        lookEvery: 50,
      });
    });
    // One after the other, as renewals do: between the two the pair does not fit.
    await writeFile(files.keyFile, after.key);
    await writeFile(files.certFile, after.cert);
    expect(await used).toBe(after.cert);
  });
});

describe('plain HTTP on the TLS port', () => {
  it('[TLS11] is asked to come by https, by every method', async () => {
    const server = await startTestServer({ httpsPort: 0 });
    const port = server.running.httpsPort ?? 0;
    try {
      for (const method of ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH']) {
        const answer = await exchange(port, [`${method} /healthz HTTP/1.1`, 'Host: a']);
        expect([method, answer.status]).toEqual([method, 400]);
        expect(answer.body).toContain('https://');
        expect(answer.text).toMatch(/\r\nConnection: close\r\n/);
      }
      const ca = await readFile(server.running.caFile ?? '', 'utf8');
      expect((await call('GET', `${server.https}/healthz`, { ca })).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

describe("the server's own certificate", () => {
  const dataDir = () => mkdtemp(join(folder, 'own-'));

  it('[TLS3] is kept as long as it will do', async () => {
    const dir = await dataDir();
    const now = Date.now();
    const made = await ownCertificate(dir, NAMES, now);
    expect(made.origin).toBe('made');
    const kept = await ownCertificate(dir, ['localhost'], now + 780 * DAY);
    expect(kept).toEqual({ ...made, origin: 'kept' });
  });

  it('[TLS4] is made anew shortly before its end, for new names, and when a file is damaged', async () => {
    const dir = await dataDir();
    const now = Date.now();
    const first = await ownCertificate(dir, NAMES, now);
    const renewed = await ownCertificate(dir, NAMES, now + 800 * DAY);
    expect(renewed.origin).toBe('made');
    expect(renewed.cert).not.toBe(first.cert);
    const named = await ownCertificate(dir, ['chat.example.com', ...NAMES], now + 800 * DAY);
    expect(new X509Certificate(named.cert).checkHost('chat.example.com')).toBeDefined();

    const other = await makeCertificate(NAMES, now);
    const damages = [
      ['cert.pem', 'not a certificate'],
      ['key.pem', other.key],
      ['ca.pem', other.ca],
    ] as const;
    for (const [file, text] of damages) {
      await writeFile(join(dir, 'tls', file), text);
      expect((await ownCertificate(dir, NAMES, now)).origin).toBe('made');
      expect((await ownCertificate(dir, NAMES, now)).origin).toBe('kept');
    }
  });

  it("[TLS4] is judged by the server's clock at its start", async () => {
    const server = await startTestServer({ httpsPort: 0 });
    const before = await readFile(join(server.dataDir, 'tls/cert.pem'), 'utf8');
    const clock = new FakeClock(Date.now() + 810 * DAY);
    const later = await server.restart({ clock });
    try {
      expect(await readFile(join(later.dataDir, 'tls/cert.pem'), 'utf8')).not.toBe(before);
    } finally {
      await later.stop();
    }
  });
});

describe("an operator's certificate", () => {
  const certFile = () => join(folder, 'cert.pem');
  const keyFile = () => join(folder, 'key.pem');
  const otherKey = () => join(folder, 'other-key.pem');
  let ca: string;
  beforeAll(async () => {
    const given = await makeCertificate(NAMES, Date.now());
    const other = await makeCertificate(NAMES, Date.now());
    ca = given.ca;
    await writeFile(certFile(), given.cert);
    await writeFile(keyFile(), given.key);
    await writeFile(otherKey(), other.key);
  });

  it('[TLS5] is shown instead of one of the server', async () => {
    const tls = { certFile: certFile(), keyFile: keyFile() };
    const server = await startTestServer({ httpsPort: 0, tls });
    try {
      expect((await call('GET', `${server.https}/healthz`, { ca })).status).toBe(200);
      expect(server.running.caFile).toBeNull();
      expect(await readdir(server.dataDir)).not.toContain('tls');
    } finally {
      await server.stop();
    }
  });

  it('[TLS10] is insisted on for a year, on every answer; one that the server made is not', async () => {
    const tls = { certFile: certFile(), keyFile: keyFile() };
    const [given, own] = await Promise.all([
      startTestServer({ httpsPort: 0, tls }),
      startTestServer({ httpsPort: 0 }),
    ]);
    const insisted = async (url: string, trust?: string) => {
      const options = trust === undefined ? {} : { ca: trust };
      return (await call('GET', url, options)).headers['strict-transport-security'];
    };
    try {
      const { https, http } = given;
      for (const path of ['/healthz', '/nowhere', '/docs', '/api/account/12345678', '/%zz']) {
        expect(await insisted(https + path, ca)).toBe('max-age=31536000');
        expect(await insisted(http + path)).toBeUndefined();
      }
      const ownCa = await readFile(own.running.caFile ?? '', 'utf8');
      expect(await insisted(`${own.https}/docs`, ownCa)).toBeUndefined();
    } finally {
      await given.stop();
      await own.stop();
    }
  });

  it('[TLS6] that cannot be used is refused, naming the file', async () => {
    const missing = join(folder, 'missing.pem');
    const bad: readonly (readonly [string, string, string])[] = [
      [missing, keyFile(), missing],
      [certFile(), missing, missing],
      [keyFile(), keyFile(), 'is not a certificate'],
      [certFile(), certFile(), 'cannot be read as a private key'],
      [certFile(), otherKey(), 'does not belong'],
    ];
    for (const [cert, key, words] of bad) {
      const files = { certFile: cert, keyFile: key };
      await expect(readCertificate(files)).rejects.toThrow(words);
    }
  });
});

describe('a look at the certificate', () => {
  const now = Date.now();

  it('[TLS7] changes nothing, and says what a start would do', async () => {
    const dataDir = await mkdtemp(join(folder, 'look-'));
    expect(await inspectCertificate({ dataDir }, now)).toEqual({ state: 'none' });
    expect(await readdir(dataDir)).toEqual([]);
    await ownCertificate(dataDir, NAMES, now);
    const found = await inspectCertificate({ dataDir }, now);
    expect(found.state).toBe('good');
    const publicDomain = 'chat.example.com';
    const named = await inspectCertificate({ dataDir, publicDomain }, now);
    expect(named).toEqual({ state: 'outdated', why: 'it is not for chat.example.com' });
    const late = await inspectCertificate({ dataDir }, now + 800 * DAY);
    expect(late.state).toBe('outdated');
  });

  it("[TLS7] reports an operator's that ended, has not begun, or is for another domain", async () => {
    const dataDir = await mkdtemp(join(folder, 'look-'));
    const { cert, key } = await makeCertificate(['desk.example.com'], now);
    const tls = { certFile: join(dataDir, 'c.pem'), keyFile: join(dataDir, 'k.pem') };
    await writeFile(tls.certFile, cert);
    await writeFile(tls.keyFile, key);
    const look = (publicDomain: string, at: number) =>
      inspectCertificate({ dataDir, tls, publicDomain }, at);
    expect((await look('desk.example.com:8443', now)).state).toBe('good');
    expect(await look('desk.example.com', now + 900 * DAY)).toMatchObject({ state: 'bad' });
    expect(await look('desk.example.com', now - 9 * DAY)).toMatchObject({ state: 'bad' });
    const elsewhere = await look('chat.example.com', now);
    expect(elsewhere).toMatchObject({
      state: 'bad',
      why: expect.stringContaining('desk.example.com'),
    });
  });
});
