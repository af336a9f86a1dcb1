/** Broken promises about feeds are found. */
import { describe } from 'vitest';
import { finds } from './finds.js';
import { ANNA, ANNAS, CHAT, events, say, Story, withAnna } from './story.js';

describe('[DUR1] feeds: it is found when', () => {
  finds([
    [
      'an acknowledged event is lost',
      () =>
        withAnna()
          .said('hello', 4)
          .killed()
          .read(ANNA, 0, ...ANNAS),
      /without event 4, which was known before/,
    ],
    [
      'an acknowledged event is lost on disk',
      () =>
        withAnna()
          .said('hello', 4)
          .read('disk', 0, ...ANNAS),
      /"hello" was acknowledged 1 times, and is there 0 times/,
    ],
    [
      'what somebody was shown is gone later',
      () =>
        withAnna()
          .unknown(say('a'))
          .read('visitor', 0, ...ANNAS, 'a')
          .read(ANNA, 0, ...ANNAS),
      /by \/anna from 0 on was shown \[0,1,2,3\], without event 4/,
    ],
    [
      'an event is there twice',
      () =>
        withAnna()
          .said('a', 4)
          .read(ANNA, 0, ...ANNAS, 'a', 'a'),
      /"a" is event 4 and 5/,
    ],
    [
      'two writes were answered the same id',
      () => withAnna().said('a', 4).said('b', 4, ANNA),
      /both acknowledged as event 4/,
    ],
    [
      'an event has another id than was answered',
      () =>
        withAnna()
          .said('a', 4)
          .said('b', 5)
          .read(ANNA, 0, ...ANNAS, 'b', 'a'),
      /\("a"\) was acknowledged as event 4, which is .*"b"/,
    ],
    [
      'an event is shown differently',
      () => withAnna().read('visitor', 0, 'waiting', '4').read('visitor', 0, 'waiting', '2'),
      /event 1 was .*, and is/,
    ],
    [
      'ids have a gap',
      () => withAnna().read(ANNA, 0, ...events(0, ...ANNAS), ...events(5, 'x')),
      /which has a gap/,
    ],
    [
      'ids have a gap on disk',
      () =>
        withAnna()
          .said('a', 6)
          .read('disk', 0, ...ANNAS),
      /event 6 is known, and not all of those before it/,
    ],
    [
      'ids are out of order',
      () => withAnna().read('visitor', 0, ...events(1, '4'), ...events(0, 'waiting')),
      /which is out of order/,
    ],
    [
      'ids do not grow with time',
      () => withAnna().said('first', 5).said('second', 4),
      /acknowledged as event 4, but event 5 was known before it was made/,
    ],
    [
      'next leads past an event',
      () =>
        withAnna().did(
          { do: 'read', chat: CHAT, by: 'visitor', from: 0 },
          { events: events(0, ...ANNAS), next: 5 },
        ),
      /is to ask from 5 next/,
    ],
    [
      'something is there that nobody wrote',
      () => withAnna().read(ANNA, 0, ...ANNAS, 'boo'),
      /nobody wrote "boo"/,
    ],
    [
      'something is there that was refused',
      () =>
        withAnna()
          .refused(say('no'), 409)
          .read(ANNA, 0, ...ANNAS, 'no'),
      /"no" is event 4; of 1 times it was asked for 1 were refused/,
    ],
    [
      'something is there more often than it was asked for',
      () =>
        withAnna()
          .unknown(say('a'))
          .read(ANNA, 0, ...ANNAS, 'a', 'a'),
      /"a" is event 4 and 5/,
    ],
    [
      'something is shown before it was asked for',
      () =>
        withAnna()
          .read(ANNA, 0, ...ANNAS, 'soon')
          .unknown(say('soon')),
      /"soon" was shown as event 4 before anybody asked for it/,
    ],
    [
      'the visitor sees a hidden line',
      () =>
        withAnna()
          .said('psst', 4, ANNA, CHAT, true)
          .read('visitor', 0, ...ANNAS, 'psst'),
      /the visitor was shown hidden event 4/,
    ],
    [
      'the visitor sees the lines from before the chat',
      () =>
        new Story().requested(CHAT, 'Vera', ['pre']).read('visitor', 0, 'waiting', '4', '(pre)'),
      /the visitor was shown hidden event 2/,
    ],
    [
      'a line that came with the request is lost',
      () => new Story().requested(CHAT, 'Vera', ['pre']).read('disk', 0, 'waiting', '4'),
      /"pre" came with its request, and is not there/,
    ],
    [
      'a chat goes on after its end',
      () =>
        withAnna()
          .endedBy('visitor', 4)
          .said('more', 5)
          .read(ANNA, 0, ...ANNAS, 'ended', 'more'),
      /it goes on after its end with/,
    ],
    [
      'a chat ends by itself',
      () => withAnna().read(ANNA, 0, ...ANNAS, 'ended'),
      /nobody did anything by which anna would lose it at event 4/,
    ],
    [
      'a waiting chat ends by itself',
      () => new Story().requested().read('visitor', 0, 'waiting', '4', 'ended'),
      /it ended by itself/,
    ],
    [
      'a chat is over for its visitor, and nobody ended it',
      () => withAnna().refused(say('hello'), 409),
      /call \d+ was refused as if it were over/,
    ],
    [
      'a chat came of nothing',
      () =>
        new Story()
          .came('anna')
          .accepted(ANNA)
          .did({ do: 'info', chat: CHAT, by: ANNA }, { state: 'chatting', name: 'Nobody' }),
      /nobody asked for chat H1 of Nobody/,
    ],
    [
      'one request is two chats',
      () =>
        new Story()
          .came('anna')
          .unknown({ do: 'request', name: 'Vera', hidden: [] })
          .did({ do: 'info', chat: 'H1', by: ANNA }, { state: 'chatting', name: 'Vera' })
          .did({ do: 'info', chat: 'H2', by: ANNA }, { state: 'chatting', name: 'Vera' }),
      /Vera asked for one chat, and has H1 and H2/,
    ],
    [
      'a refused request is a chat',
      () =>
        new Story()
          .came('anna')
          .refused({ do: 'request', name: 'Vera', hidden: [] }, 429)
          .did({ do: 'info', chat: 'H1', by: ANNA }, { state: 'chatting', name: 'Vera' }),
      /the request of Vera was refused, yet it is chat H1/,
    ],
  ]);
});
