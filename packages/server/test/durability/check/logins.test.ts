/** Broken promises about logins and sessions are found. */
import { describe, expect, it } from 'vitest';
import type { Ask } from '../history/format.js';
import { finds } from './finds.js';
import { ANNA, Story } from './story.js';

describe('[DUR1] logins and sessions: it is found when', () => {
  const login = 'login of /anna';
  const use: Ask = { do: 'use', login };
  const disable = (outcome: 'ok' | 'unknown') => {
    const ask: Ask<'write'> = {
      do: 'write',
      kind: 'users',
      record: 1,
      user: 'anna',
      value: { stamp: 's', enabled: false },
    };
    const story = new Story().came('anna');
    return outcome === 'ok' ? story.did(ask, { record: 1, revision: 2 }) : story.unknown(ask);
  };
  finds([
    [
      'a login is forgotten',
      () => new Story().came('anna').killed().refused(use, 401),
      /login login of \/anna of anna is gone in call \d+ \(use\), and nothing ended it/,
    ],
    [
      'a login works after its logout',
      () =>
        new Story()
          .came('anna')
          .did({ do: 'logout', login }, {})
          .killed()
          .did(use as Ask<'use'>, {}),
      /was ended by call \d+ \(logout\), and works in call \d+ \(use\)/,
    ],
    [
      'a login works again that was found ended',
      () =>
        new Story()
          .came('anna')
          .unknown({ do: 'logout', login })
          .refused(use, 401)
          .killed()
          .did(use as Ask<'use'>, {}),
      /was gone in call \d+, and works in call \d+ \(use\)/,
    ],
    [
      'a login works after its user was disabled',
      () => disable('ok').did({ do: 'open', login }, { session: '/2' }),
      /was ended by call \d+ \(write\), and works in call \d+ \(open\)/,
    ],
    [
      'a login works after its user was given the password anew',
      () =>
        new Story()
          .came('anna')
          .did({ do: 'reset', user: 'anna' }, {})
          .killed()
          .did(use as Ask<'use'>, {}),
      /was ended by call \d+ \(reset\), and works in call \d+ \(use\)/,
    ],
    [
      'who is enabled again cannot log in',
      () =>
        disable('ok')
          .did(
            {
              do: 'write',
              kind: 'users',
              record: 1,
              user: 'anna',
              value: { stamp: 't', enabled: true },
            },
            { record: 1, revision: 3 },
          )
          .refused({ do: 'login', user: 'anna' }, 401),
      /call \d+: anna cannot log in/,
    ],
    [
      'a session is forgotten',
      () => new Story().came('anna').killed().refused({ do: 'availability', session: ANNA }, 404),
      /session \/anna of anna is gone in call \d+ \(availability\), and nothing ended it/,
    ],
    [
      'a session works after its logout',
      () =>
        new Story()
          .came('anna')
          .did({ do: 'logout', login }, {})
          .did({ do: 'ringing', session: ANNA }, { count: 0 }),
      /session \/anna of anna was ended by call \d+ \(logout\), and works/,
    ],
    [
      'a session works after it was taken over',
      () =>
        new Story()
          .came('anna')
          .did({ do: 'open', login }, { session: '/2' })
          .did({ do: 'ringing', session: ANNA }, { count: 0 }),
      /session \/anna of anna was ended by call \d+ \(open\), and works/,
    ],
    [
      'a session works after it was closed',
      () =>
        new Story()
          .came('anna')
          .did({ do: 'close', session: ANNA }, {})
          .did({ do: 'ringing', session: ANNA }, { count: 0 }),
      /was ended by call \d+ \(close\), and works/,
    ],
    [
      'two sessions have one address',
      () =>
        new Story()
          .came('anna')
          .did({ do: 'login', user: 'ben' }, { login: 'x' })
          .did({ do: 'open', login: 'x' }, { session: ANNA }),
      /were both answered \/anna/,
    ],
    [
      'somebody cannot log in',
      () => new Story().refused({ do: 'login', user: 'anna' }, 401),
      /anna cannot log in/,
    ],
    [
      'a session is Away, and nobody made it so',
      () => new Story().came('anna').did({ do: 'availability', session: ANNA }, { is: 'Away' }),
      /is Away in call \d+; somebody made it Online/,
    ],
    [
      'a session is again as it was before',
      () =>
        new Story()
          .came('anna')
          .did({ do: 'become', session: ANNA, what: 'Away' }, {})
          .did({ do: 'availability', session: ANNA }, { is: 'Online' }),
      /is Online in call \d+; somebody made it Away/,
    ],
  ]);

  it.each([
    ['a login whose user may have been disabled is gone', disable('unknown').refused(use, 401)],
    [
      'a login whose user may have been disabled works',
      disable('unknown').did(use as Ask<'use'>, {}),
    ],
    [
      'a session that may have been taken over is gone',
      new Story()
        .came('anna')
        .unknown({ do: 'open', login })
        .refused({ do: 'ringing', session: ANNA }, 404),
    ],
    [
      'a session is what it may have been made',
      new Story()
        .came('anna')
        .unknown({ do: 'become', session: ANNA, what: 'Away' })
        .did({ do: 'availability', session: ANNA }, { is: 'Away' }),
    ],
  ])('not when %s', (_, story) => {
    expect(story.problems).toEqual([]);
  });
});
