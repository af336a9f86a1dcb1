import { describe, expect, it } from 'vitest';
import { ERRORS, WireError, errorDocument, type ErrorCode } from '../src/index.js';

const time = Date.UTC(2016, 8, 22, 16, 10, 15);
const codes = Object.keys(ERRORS) as ErrorCode[];

describe('the error table', () => {
  it.each(codes)('[ERR1] %s is complete', (code) => {
    const entry = ERRORS[code];
    expect(entry.responseStatus).toMatch(/^[A-Z_]+$/);
    expect(entry.title).toMatch(/^[A-Z].*[^.]$/);
    expect(entry.remedy).toMatch(/^[A-Z].*\.$/);
  });

  it('[ERR2] numbers are unique, but for those the original API shares', () => {
    const byNumber = new Map<number, ErrorCode[]>();
    for (const code of codes) {
      const { internalCode } = ERRORS[code];
      byNumber.set(internalCode, [...(byNumber.get(internalCode) ?? []), code]);
    }
    const shared = [...byNumber].filter(([, group]) => group.length > 1);
    expect(Object.fromEntries(shared)).toEqual({
      6: ['badAccountId', 'unknownAccount'],
      10: ['unauthorized', 'badCsrf'],
      12: ['chatGone', 'visitExpired'],
    });
  });

  it('[ERR2] the numbers clients know', () => {
    const numbers = {
      badCsrf: [401, 10],
      unknownAccount: [404, 6],
      visitExpired: [404, 12],
      chatGone: [404, 12],
      nobodyOnline: [409, 32],
      illegalVersion: [400, 33],
      badVisitorId: [404, 37],
      badSessionId: [404, 39],
    } as const;
    for (const [code, [status, internalCode]] of Object.entries(numbers)) {
      expect(ERRORS[code as ErrorCode]).toMatchObject({ status, internalCode });
    }
  });

  it('[ERR3] one status has one word', () => {
    const words = new Map<number, string>();
    for (const code of codes) {
      const { status, responseStatus } = ERRORS[code];
      expect(words.get(status) ?? responseStatus).toBe(responseStatus);
      words.set(status, responseStatus);
    }
    expect(words.get(401)).toBe('UNAUTHORIZED');
  });
});

describe('error documents', () => {
  const answer = errorDocument({
    code: 'badCsrf',
    message: 'Wrong <csrf>.',
    time,
    timeZone: 'UTC',
  });

  it('[ERR4] JSON', () => {
    expect(answer.status).toBe(401);
    expect(answer.contentType('json')).toBe('application/json; charset=utf-8');
    expect(answer.write('json')).toBe(
      '{"error":{"time":"Sep 22, 2016 4:10:15 PM","message":"Wrong <csrf>.","internalCode":10,"responseStatus":"UNAUTHORIZED"}}',
    );
  });

  it('[ERR4] XML', () => {
    expect(answer.contentType('xml')).toBe('application/xml; charset=utf-8');
    expect(answer.write('xml')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><error><time>Sep 22, 2016 4:10:15 PM</time>' +
        '<message>Wrong &lt;csrf&gt;.</message><internalCode>10</internalCode><responseStatus>UNAUTHORIZED</responseStatus></error>',
    );
  });

  it('[ERR4] [HAL4] problem details for HAL callers', () => {
    expect(answer.contentType('hal')).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(answer.write('hal'))).toEqual({
      type: '/docs/errors#badCsrf',
      title: 'The csrf token is wrong',
      status: 401,
      detail: 'Wrong <csrf>.',
      internalCode: 10,
      time: '2016-09-22T16:10:15.000Z',
    });
  });

  it('[ERR6] engagement and visit information: the content alone, with the time as a number', () => {
    const bare = errorDocument({
      code: 'visitExpired',
      message: 'No visit.',
      time,
      timeZone: 'UTC',
      form: 'bare',
    });
    expect(bare.write('json')).toBe(`{"time":${time},"message":"No visit.","internalCode":12}`);
    expect(bare.write('xml')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><error><time>${time}</time><message>No visit.</message><internalCode>12</internalCode></error>`,
    );
    expect(JSON.parse(bare.write('hal'))).toMatchObject({ status: 404, detail: 'No visit.' });
  });

  it('[ERR6] there, a malformed account is unknown and a wrong version has the number 33', () => {
    const answerTo = (code: ErrorCode) =>
      errorDocument({ code, time, timeZone: 'UTC', form: 'bare' });
    expect(answerTo('badAccountId').status).toBe(404);
    expect(JSON.parse(answerTo('badAccountId').write('json'))).toMatchObject({ internalCode: 6 });
    expect(answerTo('unsupportedVersion').status).toBe(400);
    expect(JSON.parse(answerTo('unsupportedVersion').write('json'))).toMatchObject({
      internalCode: 33,
    });
  });

  it('[ERR7] a refused chat says why in the original’s word', () => {
    const refused = errorDocument({ code: 'nobodyOnline', message: 'No.', time, timeZone: 'UTC' });
    expect(refused.write('json')).toBe(
      '{"error":{"time":"Sep 22, 2016 4:10:15 PM","message":"No.","internalCode":32,"reason":"no-available-agents","responseStatus":"CONFLICT"}}',
    );
    expect(JSON.parse(refused.write('hal'))).toMatchObject({ reason: 'no-available-agents' });
    expect(answer.write('json')).not.toContain('reason');
  });

  it('[ERR5] without a message the table’s words say what happened and what to do', () => {
    const plain = errorDocument({ code: 'chatEnded', time, timeZone: 'UTC' });
    expect(plain.write('json')).toContain('"message":"The chat has ended. Start a new chat."');
  });

  it('[NAME4] a message hides nothing of what it repeats, and breaks no line', () => {
    const message = 'There is no "a\u202eb\u2028c\u0000d\ud800".';
    const hostile = errorDocument({ code: 'notFound', message, time, timeZone: 'UTC' });
    const shown = String.raw`There is no "a\u202eb\u2028c\u0000d\ud800".`;
    expect(JSON.parse(hostile.write('json'))).toMatchObject({ error: { message: shown } });
    expect(JSON.parse(hostile.write('hal'))).toMatchObject({ detail: shown });
    expect(hostile.write('xml')).toContain(`<message>${shown.replaceAll('"', '&quot;')}</message>`);
  });

  it('[ERR5] WireError carries code, status and headers', () => {
    const error = new WireError('loginThrottled', undefined, { 'Retry-After': '5' });
    expect(error).toBeInstanceOf(Error);
    expect(error.status).toBe(429);
    expect(error.headers).toEqual({ 'Retry-After': '5' });
    expect(error.message).toBe('Too many login attempts. Try again after the time in Retry-After.');
    expect(new WireError('notFound', 'No event 7.').message).toBe('No event 7.');
  });
});
