import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { secret } from '../src/annotations.js';
import {
  chatRequestDocument,
  csrfDocument,
  changePasswordDocument,
  defineDocument,
  describeProblems,
  eventsDocument,
  givenAnswers,
  loginRequestDocument,
  newAvailabilityDocument,
  newCustomVariablesDocument,
  newEventDocument,
  parseJson,
  surveyAnswersDocument,
  transferDocument,
  visitorNameDocument,
} from '../src/index.js';
import { failure, success } from './support/documents.js';

describe('the wire’s freedoms', () => {
  it('[WIRE8] attribute keys are read with and without @', () => {
    const line = { type: 'line', text: 'hi', textType: 'plain', subType: 'REGULAR' };
    expect(success(newEventDocument.read({ event: { '@type': 'line', text: 'hi' } }))).toEqual(
      line,
    );
    expect(success(newEventDocument.read({ event: { type: 'line', text: 'hi' } }))).toEqual(line);
  });

  it('[WIRE9] a list is read from one member or an array', () => {
    const variable = { name: 'a', value: '1' };
    for (const customVariable of [variable, [variable]]) {
      expect(
        success(newCustomVariablesDocument.read({ customVariables: { customVariable } })),
      ).toEqual({ customVariable: [variable] });
    }
    expect(success(newCustomVariablesDocument.read({ customVariables: {} }))).toEqual({
      customVariable: [],
    });
  });

  it('[WIRE9] a single object is read from an array of one', () => {
    const sent = { transfer: { skill: [{ id: 2 }] } };
    expect(success(transferDocument.read(sent))).toEqual({ skill: { id: 2 } });
  });

  it.each(['2', 2, ' 2 '])('[WIRE10] the id %j is a number', (id) => {
    expect(success(transferDocument.read({ transfer: { skill: { id } } }))).toEqual({
      skill: { id: 2 },
    });
  });

  it.each(['', 'two', '2x', '0x2', '1e1', null, true, [], {}, '99999999999999999999'])(
    '[WIRE10] the id %j is refused',
    (id) => {
      expect(transferDocument.read({ transfer: { skill: { id } } }).ok).toBe(false);
    },
  );

  it('[WIRE10] a number is read where a text is asked for', () => {
    expect(success(visitorNameDocument.read({ visitorName: 42 }))).toBe('42');
  });

  it.each(['12345678901234567890', '19.90', '-0', '1e3', '0.10'])(
    '[WIRE23] the number %s keeps its digits where a text is asked for',
    (digits) => {
      const sent = (text: string) => {
        const parsed = parseJson(text);
        return parsed.ok ? parsed.value : undefined;
      };
      expect(success(visitorNameDocument.read(sent(`{"visitorName":${digits}}`)))).toBe(digits);
      const event = success(
        newEventDocument.read(sent(`{"event":{"@type":"line","text":${digits}}}`)),
      );
      expect(event).toMatchObject({ text: digits });
      const rich = `{"event":{"type":"line","text":"x","textType":"rich-content","json":{"a":[${digits}]}}}`;
      expect(success(newEventDocument.read(sent(rich)))).toMatchObject({
        json: { a: [Number(digits)] },
      });
    },
  );

  it('[WIRE23] the same number is a number where one is asked for, or refused as one', () => {
    const read = (id: string) => {
      const parsed = parseJson(`{"transfer":{"skill":{"id":${id}}}}`);
      return transferDocument.read(parsed.ok ? parsed.value : undefined);
    };
    expect(success(read('2.0'))).toEqual({ skill: { id: 2 } });
    expect(read('12345678901234567890').ok).toBe(false);
    expect(read('2.50')).toMatchObject({ problems: [{ message: expect.stringContaining('2.5') }] });
    for (const body of ['19.90', '[19.90]', '{"transfer":19.90}', '{"transfer":{"skill":1.50}}']) {
      const parsed = parseJson(body);
      expect(transferDocument.read(parsed.ok ? parsed.value : undefined).ok).toBe(false);
    }
  });

  it('[WIRE11] unknown keys are ignored', () => {
    const sent = { availability: { chat: 'Away', mood: 'good' }, more: 1 };
    expect(success(newAvailabilityDocument.read(sent))).toEqual({ chat: 'Away' });
  });

  it('[WIRE11] prototype keys never reach the value', () => {
    const body: unknown = JSON.parse(
      '{"event":{"type":"line","text":"x","textType":"rich-content","__proto__":{"polluted":1},' +
        '"constructor":{"a":1},"json":{"__proto__":{"polluted":1},"constructor":1,"prototype":2,"a":{"__proto__":3,"b":1}}}}',
    );
    const value = success(newEventDocument.read(body));
    expect(value).toEqual({
      type: 'line',
      text: 'x',
      textType: 'rich-content',
      subType: 'REGULAR',
      json: { a: { b: 1 } },
    });
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('[WIRE13] a missing root is named', () => {
    const { problems, code } = failure(newAvailabilityDocument.read({ chat: 'Away' }));
    expect(code).toBe('invalidField');
    expect(describeProblems(problems)).toBe(
      'availability is required: the body must be {"availability": …}, found "chat".',
    );
    expect(failure(newAvailabilityDocument.read(undefined)).problems[0]?.path).toBe('availability');
    expect(failure(newAvailabilityDocument.readXml('<a/>')).problems[0]?.message).toBe(
      'is required: the body must be <availability>…</availability>, found "a"',
    );
  });

  it('[WIRE13] documents without a root take the bare object', () => {
    expect(success(csrfDocument.read({ csrf: 'abc' }))).toEqual({ csrf: 'abc' });
    expect(success(csrfDocument.readXml('<csrf><csrf>abc</csrf></csrf>'))).toEqual({ csrf: 'abc' });
    expect(describeProblems(failure(csrfDocument.read(undefined)).problems)).toBe(
      'The body is missing: The csrf token, for refresh and logout.',
    );
    expect(describeProblems(failure(csrfDocument.read([1])).problems)).toMatch(/^The body must be/);
  });
});

describe('a chat request', () => {
  it.each([undefined, null, '', {}, { request: {} }, { request: '' }])(
    '[WIRE13] nothing is asked for by %j',
    (body) => {
      expect(success(chatRequestDocument.read(body))).toEqual({
        preChatLines: [],
        customVariables: [],
      });
    },
  );

  it.each([{ line: ['a', 'b'] }, { lines: ['a', 'b'] }, ['a', 'b']])(
    '[WIRE16] pre-chat lines are read from %j',
    (preChatLines) => {
      const value = success(chatRequestDocument.read({ request: { preChatLines } }));
      expect(value.preChatLines).toEqual(['a', 'b']);
    },
  );

  it('[WIRE16] one pre-chat line is read from a single text', () => {
    const sent = { request: { preChatLines: { line: 'a' } } };
    expect(success(chatRequestDocument.read(sent)).preChatLines).toEqual(['a']);
  });

  it('[WIRE12] every problem names its place, its rule and what came', () => {
    const sent = {
      request: {
        maxWaitTime: 90_000,
        interactionTimeout: 'a while',
        preChatLines: { lines: ['ok', 'x'.repeat(8_001)] },
        survey: { id: 1, question: [{ id: 'first', answer: 'a' }] },
        skillId: 'Sales',
      },
    };
    const { problems } = failure(chatRequestDocument.read(sent));
    expect(Object.fromEntries(problems.map(({ path, message }) => [path, message]))).toEqual({
      'request.skillId': 'must be a whole number, got "Sales"',
      'request.maxWaitTime': 'must be at most 86400, got 90000',
      'request.preChatLines.line[1]': 'must be at most 8000 characters, got 8001',
      'request.survey.question[0].id': 'must be a whole number, got "first"',
      'request.interactionTimeout': 'must be a number, got "a while"',
    });
    for (const { value } of problems) expect(value?.length ?? 0).toBeLessThanOrEqual(80);
  });

  it('[WIRE17] an agent excludes skill, serviceQueue and maxWaitTime', () => {
    expect(success(chatRequestDocument.read({ request: { agent: 'ann' } })).agent).toBe('ann');
    const { problems } = failure(
      chatRequestDocument.read({ request: { agent: 'ann', skill: 'Sales', maxWaitTime: 0 } }),
    );
    expect(describeProblems(problems)).toBe(
      'request names an agent, which excludes skill, maxWaitTime; send one or the other.',
    );
  });

  it.each([
    { agent: '', skill: 'Sales', skillId: 11, maxWaitTime: 5 },
    { agent: 'ann', skill: '', serviceQueue: '' },
  ])('[WIRE17] an empty text names nothing: %j', (request) => {
    expect(success(chatRequestDocument.read({ request }))).toMatchObject(request);
  });

  it('[WIRE9] custom variables come wrapped or bare', () => {
    const variable = { name: 'a', value: '1' };
    for (const customVariables of [
      { customVariable: variable },
      { customVariable: [variable] },
      [variable],
    ]) {
      const value = success(chatRequestDocument.read({ request: { customVariables } }));
      expect(value.customVariables).toEqual([variable]);
    }
  });
});

describe('a new event', () => {
  it('[WIRE14] a line is plain and REGULAR unless it says otherwise', () => {
    const sent = {
      event: { '@type': 'line', text: '<b>', textType: 'html', subType: 'ONLY_TO_REP' },
    };
    expect(success(newEventDocument.read(sent))).toEqual({
      type: 'line',
      text: '<b>',
      textType: 'html',
      subType: 'ONLY_TO_REP',
    });
  });

  it('[WIRE14] a line holds at most 8000 characters, counted as code points', () => {
    const long = (text: string) => newEventDocument.read({ event: { type: 'line', text } });
    expect(long('😀'.repeat(8_000)).ok).toBe(true);
    expect(failure(long('😀'.repeat(8_001))).problems).toEqual([
      expect.objectContaining({
        path: 'event.text',
        message: 'must be at most 8000 characters, got 8001',
      }),
    ]);
  });

  it('[WIRE14] a line needs a text, a rich-content line its content', () => {
    expect(newEventDocument.read({ event: { type: 'line' } }).ok).toBe(false);
    expect(newEventDocument.read({ event: { type: 'line', text: '' } }).ok).toBe(false);
    const rich = { type: 'line', textType: 'rich-content' };
    expect(newEventDocument.read({ event: rich }).ok).toBe(false);
    expect(newEventDocument.read({ event: { ...rich, json: { type: 'text' } } }).ok).toBe(true);
  });

  it('[WIRE14] the only state a client may set is ended', () => {
    expect(success(newEventDocument.read({ event: { '@type': 'state', state: 'ended' } }))).toEqual(
      {
        type: 'state',
        state: 'ended',
      },
    );
    expect(
      failure(newEventDocument.read({ event: { '@type': 'state', state: 'waiting' } })).problems,
    ).toEqual([
      { path: 'event.state', message: 'must be "ended", got "waiting"', value: 'waiting' },
    ]);
  });

  it.each([
    [{}, 'is required: line or state or line-status'],
    [{ type: 'url' }, 'must be line or state or line-status, got "url"'],
    [{ type: { toString: 1 } }, 'is required: line or state or line-status'],
  ])('[WIRE12] the type of %j is named', (event, message) => {
    expect(failure(newEventDocument.read({ event })).problems).toEqual([
      { path: 'event.type', message },
    ]);
  });

  it('[WIRE12] only the problems of the chosen kind are reported', () => {
    const events = {
      events: { link: [], event: [{ id: 0, type: 'state', time: 'now', state: 'gone' }] },
    };
    expect(failure(eventsDocument.read(events)).problems.map(({ path }) => path)).toEqual([
      'events.event[0].time',
      'events.event[0].state',
    ]);
  });

  it('[WIRE19] structured content that nests too deep is refused', () => {
    const json: unknown = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`);
    const sent = { event: { type: 'line', textType: 'rich-content', json } };
    expect(failure(newEventDocument.read(sent)).problems).toEqual([
      { path: 'event.json', message: 'must not nest deeper than 32 levels' },
    ]);
  });
});

describe('other requests', () => {
  it('[WIRE15] a transfer takes its text inside or beside the root', () => {
    const inside = { transfer: { agent: { id: '6' }, text: 'Help' } };
    const outside = { transfer: { agent: { id: '6' } }, text: 'Help' };
    for (const sent of [inside, outside]) {
      expect(success(transferDocument.read(sent))).toEqual({ agent: { id: 6 }, text: 'Help' });
    }
  });

  it('[WIRE15] a transfer needs a skill or an agent and may have both', () => {
    expect(describeProblems(failure(transferDocument.read({ transfer: {} })).problems)).toBe(
      'transfer needs a skill or an agent: {"skill": {"id": 2}} or {"agent": {"id": 6}}.',
    );
    expect(
      success(transferDocument.read({ transfer: { skill: { id: 2 }, agent: { id: 6 } } })),
    ).toEqual({ skill: { id: 2 }, agent: { id: 6 } });
  });

  it('[WIRE12] an agent cannot set itself Offline', () => {
    const { problems } = failure(
      newAvailabilityDocument.read({ availability: { chat: 'Offline' } }),
    );
    expect(problems).toEqual([
      {
        path: 'availability.chat',
        message: 'must be one of Online, Occupied, Away, got "Offline"',
        value: 'Offline',
      },
    ]);
  });

  it.each([
    [{ id: 1, question: { id: 2, answer: 'a' } }],
    [{ id: '1', question: [{ id: '2', answer: ['a'] }] }],
    [{ id: 1, questions: { question: { id: 2, answer: ['a'], label: 'Which?' } } }],
    [
      {
        id: 1,
        questions: {
          question: [{ id: 2, entry: [{ value: 'a', checked: true }, { value: 'b' }] }],
        },
      },
    ],
  ])('[WIRE18] survey answers are read from %j', (survey) => {
    const value = success(surveyAnswersDocument.read({ survey }));
    expect(value.id).toBe(1);
    expect(value.question.map(({ id }) => id)).toEqual([2]);
    expect(value.question.map(givenAnswers)).toEqual([['a']]);
  });

  it('[WIRE12] secrets are never repeated in problems', () => {
    const secret = 'hunter2'.repeat(100);
    const body = {
      username: 'ann',
      password: secret,
      secret: [secret],
      accessToken: { a: secret },
    };
    const { problems } = failure(loginRequestDocument.read(body));
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('[WIRE12] a secret of the wrong form is not repeated either', () => {
    const document = defineDocument({
      name: 'pin',
      root: 'pin',
      style: 'plain',
      description: 'A secret with a form.',
      schema: secret(Type.String({ pattern: '^\\d{4}$', 'x-wire': { hint: 'four digits' } })),
    });
    expect(document.read({ pin: '1234' }).ok).toBe(true);
    expect(failure(document.read({ pin: 'hunter2' })).problems).toEqual([
      { path: 'pin', message: 'must be four digits' },
    ]);
  });

  it('[WIRE12] a login needs a password or an app key with its secret', () => {
    expect(loginRequestDocument.read({ username: 'ann', password: 'x' }).ok).toBe(true);
    expect(loginRequestDocument.read({ username: 'ann', appKey: 'k', secret: 's' }).ok).toBe(true);
    expect(
      describeProblems(
        failure(loginRequestDocument.read({ username: 'ann', appKey: 'k' })).problems,
      ),
    ).toBe('The body needs a password, or appKey and secret.');
  });

  it('[WIRE12] the new password is given twice', () => {
    const change = { oldPassword: 'a', newPassword: 'b', confirmPassword: 'c' };
    expect(changePasswordDocument.read(change).ok).toBe(false);
    expect(changePasswordDocument.read({ ...change, confirmPassword: 'b' }).ok).toBe(true);
  });
});
