/** Country and city from a MaxMind-format file; device and browser from the user agent. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartError } from '../src/index.js';
import { deviceOf } from '../src/visits/device.js';
import { openGeo } from '../src/visits/geo.js';
import { Fixture } from './chat-fixture.js';
import { at, linkAt, startTestServer } from './harness.js';
import { mmdb } from './mmdb.js';
import { beginVisit, visitState } from './visit-fixture.js';

const named = (en: string) => ({ names: { en } });

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-geo-'));
  file = join(folder, 'test.mmdb');
  await writeFile(
    file,
    mmdb({
      '127.0.0.0/8': {
        country: { iso_code: 'GR', ...named('Greece') },
        subdivisions: [named('Attica')],
        city: named('Athens'),
      },
      '192.0.2.0/24': { country: { iso_code: 'DE', ...named('Germany') } },
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe('geo', () => {
  it('[GEO1] answers what the database knows of an address, and nothing of others', async () => {
    const geo = await openGeo(file);
    expect(geo.lookup('127.1.2.3')).toEqual({
      country: 'Greece',
      countryCode: 'GR',
      state: 'Attica',
      city: 'Athens',
    });
    expect(geo.lookup('192.0.2.255')).toEqual({ country: 'Germany', countryCode: 'DE' });
    for (const address of ['192.0.3.1', '2001:db8::1', '', 'nonsense']) {
      expect(geo.lookup(address)).toBeNull();
    }
  });

  it('[GEO2] a server with a database shows country and city to agents', async () => {
    const fixture = await Fixture.start({ geoDb: file });
    try {
      const visit = await beginVisit(fixture);
      expect(at((await visitState(fixture, visit)).body, 'geo')).toEqual({
        country: 'Greece',
        countryCode: 'GR',
        state: 'Attica',
        city: 'Athens',
      });
      const { agent, chat } = await fixture.chat();
      const uri = linkAt((await chat.get()).body, 'chat.link', 'visit-id');
      const { body } = await agent.get(`${uri}/info`);
      expect(at(body, 'visitInfo.visitorInfo.info')).toEqual(
        expect.arrayContaining([
          { '@name': 'country', $: 'Greece' },
          { '@name': 'countryCode', $: 'GR' },
          { '@name': 'state', $: 'Attica' },
          { '@name': 'city', $: 'Athens' },
        ]),
      );
    } finally {
      await fixture.stop();
    }
  });

  it('[GEO3] without a database nothing is said of places', async () => {
    const fixture = await Fixture.start();
    try {
      const { text } = await visitState(fixture, await beginVisit(fixture));
      expect(text).not.toMatch(/country|city|geo/);
    } finally {
      await fixture.stop();
    }
  });

  it('[GEO4] a file that cannot be used stops the start, and is named', async () => {
    const bad = join(folder, 'bad.mmdb');
    await writeFile(bad, 'not a database');
    for (const geoDb of [bad, join(folder, 'missing.mmdb')]) {
      const start = startTestServer({ geoDb });
      await expect(start).rejects.toThrow(StartError);
      await expect(start).rejects.toThrow(`The geo database "${geoDb}" cannot be used (`);
      await expect(start).rejects.toThrow('give the path of a MaxMind-format file');
    }
  });
});

describe('device', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91',
      'Microsoft Edge 120.0.2210.91',
      'WINDOWS',
      'DESKTOP',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.144 Mobile Safari/537.36',
      'Chrome 120.0.6099.144',
      'ANDROID',
      'MOBILE',
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
      'Safari 16.6',
      'IOS',
      'TABLET',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
      'Firefox 121.0',
      'LINUX',
      'DESKTOP',
    ],
  ])('[GEO5] %s', (userAgent, browser, os, family) => {
    expect(deviceOf(userAgent)).toMatchObject({ browser, os, family });
  });

  it('[GEO6] of nothing, and of what is no browser, nothing is claimed', () => {
    for (const userAgent of [null, '', '\u0000', 'x'.repeat(1000)]) {
      expect(deviceOf(userAgent)).toMatchObject({ os: null, family: null, model: null });
    }
  });
});
