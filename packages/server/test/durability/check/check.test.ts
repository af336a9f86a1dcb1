/**
 * The checker of histories, checked: each kind of broken promise is found in a history written by
 * hand (in the files beside this one too), and what only looks like one is not.
 */
import { describe, expect, it } from 'vitest';
import { parseHistory } from '../history/format.js';
import { ANNA, ANNAS, BEN, CHAT, events, say, Story, withAnna } from './story.js';

describe('a history in which every promise is kept', () => {
  it('has no problem', () => {
    const story = new Story()
      .came('anna')
      .came('ben')
      .requested(CHAT, 'Vera', ['pre'])
      .accepted(ANNA)
      .said('hello', 5)
      .said('hi', 6, ANNA)
      .said('psst', 7, ANNA, CHAT, true)
      .read('visitor', 0, 'waiting', '4', ...events(3, 'chatting', '3:Anna', 'hello', 'hi'))
      .did({ do: 'transfer', chat: CHAT, by: ANNA, to: { agent: 'ben' }, text: 'note' }, {})
      .refused({ do: 'read', chat: CHAT, by: ANNA, from: 0 }, 404)
      .accepted(BEN)
      .read(BEN, 8, '13', 'waiting', '(note)', 'chatting', '3:Ben')
      .endedBy('visitor', 13)
      .refused(say('too late'), 409)
      .did({ do: 'logout', login: 'login of /ben' }, {})
      .refused({ do: 'use', login: 'login of /ben' }, 401);
    const whole = ['waiting', '4', '(pre)', 'chatting', '3:Anna', 'hello', 'hi', '(psst)', '13'];
    story.read('disk', 0, ...whole, 'waiting', '(note)', 'chatting', '3:Ben', 'ended').finished();
    expect(story.problems).toEqual([]);
  });

  it('may leave open what became of a call', () => {
    const seen = withAnna()
      .unknown(say('maybe'))
      .killed()
      .read(ANNA, 0, ...ANNAS, 'maybe');
    const unseen = withAnna()
      .unknown(say('maybe'))
      .killed()
      .read(ANNA, 0, ...ANNAS);
    const twice = withAnna().unknown(say('maybe')).unknown(say('maybe'));
    twice.read(ANNA, 0, ...ANNAS, 'maybe', 'maybe');
    const accepted = new Story().came('anna').requested();
    accepted.unknown({ do: 'accept', session: ANNA }).read(ANNA, 0, ...ANNAS);
    const requested = new Story().came('anna').came('ben').requested();
    requested.unknown({ do: 'request', name: 'nobody knows', hidden: [] }).quiet((story) => {
      story.read('visitor', 0, 'waiting', '4');
      for (const session of [ANNA, BEN] as const) {
        story.did({ do: 'availability', session }, { is: 'Online' });
        story.did({ do: 'ringing', session }, { count: 1 });
      }
    });
    for (const story of [seen, unseen, twice, accepted, requested]) {
      expect(story.problems).toEqual([]);
    }
  });

  it('can be kept as a file', () => {
    const { header, lines } = withAnna().history;
    const text = [header, ...lines].map((line) => JSON.stringify(line)).join('\n');
    expect(parseHistory(`${text}\n`)).toEqual({ header, lines });
    expect(() => parseHistory(`${text}\n{`)).toThrow(`Line ${lines.length + 2}`);
    expect(() => parseHistory('{}')).toThrow('Line 1 is not the header');
  });
});

it('what clients complained of is a problem', () => {
  const story = new Story();
  story.complained('was answered 500');
  expect(story.problems).toEqual(['was answered 500']);
});
