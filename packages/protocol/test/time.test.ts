import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatErrorTime, formatTime, isTimeZone, zoneOffset } from '../src/index.js';

describe('instants', () => {
  it.each([
    ['America/New_York', '2017-02-27T06:24:15.424-05:00'],
    ['Europe/Athens', '2017-02-27T13:24:15.424+02:00'],
    ['Asia/Kathmandu', '2017-02-27T17:09:15.424+05:45'],
    ['UTC', '2017-02-27T11:24:15.424+00:00'],
    ['Pacific/Auckland', '2017-02-28T00:24:15.424+13:00'],
  ])('[TIME1] %s', (zone, text) => {
    expect(formatTime(1488194655424, zone)).toBe(text);
  });

  it('[TIME2] the offset changes at the instant the clocks do', () => {
    const change = Date.UTC(2024, 2, 10, 7, 0, 0);
    expect(formatTime(change - 1, 'America/New_York')).toBe('2024-03-10T01:59:59.999-05:00');
    expect(formatTime(change, 'America/New_York')).toBe('2024-03-10T03:00:00.000-04:00');
    const back = Date.UTC(2024, 10, 3, 6, 0, 0);
    expect(formatTime(back - 1, 'America/New_York')).toBe('2024-11-03T01:59:59.999-04:00');
    expect(formatTime(back, 'America/New_York')).toBe('2024-11-03T01:00:00.000-05:00');
    const lordHowe = Date.UTC(2024, 3, 6, 15, 0, 0);
    expect(formatTime(lordHowe - 1, 'Australia/Lord_Howe')).toBe('2024-04-07T01:59:59.999+11:00');
    expect(formatTime(lordHowe, 'Australia/Lord_Howe')).toBe('2024-04-07T01:30:00.000+10:30');
  });

  it('[TIME1] what is written is the instant that was given', () => {
    const zone = fc.constantFrom('America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 4e12 }), zone, (ms, timeZone) => {
        expect(Date.parse(formatTime(ms, timeZone))).toBe(ms);
      }),
    );
  });

  it('[TIME3] thousands of instants of one zone ask the platform only once per quarter hour', () => {
    const asked = { count: 0 };
    const original = Intl.DateTimeFormat.prototype.formatToParts;
    Intl.DateTimeFormat.prototype.formatToParts = function (date) {
      asked.count += 1;
      return original.call(this, date);
    };
    try {
      const start = Date.UTC(2031, 0, 1);
      for (let i = 0; i < 3_600; i += 1) formatTime(start + i * 1_000, 'Europe/Berlin');
    } finally {
      Intl.DateTimeFormat.prototype.formatToParts = original;
    }
    expect(asked.count).toBe(4);
  });

  it.each([
    [Date.UTC(2016, 8, 22, 16, 10, 15), 'UTC', 'Sep 22, 2016 4:10:15 PM'],
    [Date.UTC(2016, 8, 22, 16, 10, 15), 'America/New_York', 'Sep 22, 2016 12:10:15 PM'],
    [Date.UTC(2017, 0, 2, 0, 0, 5), 'UTC', 'Jan 2, 2017 12:00:05 AM'],
    [Date.UTC(2017, 0, 2, 0, 0, 5), 'America/New_York', 'Jan 1, 2017 7:00:05 PM'],
  ])('[TIME4] %d in %s as errors write it', (ms, zone, text) => {
    expect(formatErrorTime(ms, zone)).toBe(text);
  });

  it('[TIME5] an unknown zone is named', () => {
    expect(() => formatTime(0, 'Mars/Phobos')).toThrow(
      'There is no time zone "Mars/Phobos"; use an IANA name such as Europe/Athens.',
    );
    expect(isTimeZone('Mars/Phobos')).toBe(false);
    expect(isTimeZone('Europe/Athens')).toBe(true);
  });

  it('[TIME1] the offset of a zone in milliseconds', () => {
    expect(zoneOffset(1474549184722, 'Europe/Athens')).toBe(10800000);
    expect(zoneOffset(1474549184722, 'UTC')).toBe(0);
  });
});
