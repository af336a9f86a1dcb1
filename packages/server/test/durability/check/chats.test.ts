/** Broken promises about who has which chat are found. */
import { describe, expect, it } from 'vitest';
import { finds } from './finds.js';
import { ANNA, ANNAS, BEN, CHAT, Story } from './story.js';

describe('[DUR1] accepts: it is found when', () => {
  const both = () => new Story().came('anna').came('ben').requested();
  finds([
    [
      'two agents were both answered that they accepted a chat',
      () =>
        both()
          .accepted(ANNA)
          .accepted(BEN)
          .read('disk', 0, ...ANNAS),
      /ben was answered that they accepted it \(call \d+\), and its feed does not show it/,
    ],
    [
      'two agents came to a chat',
      () =>
        both()
          .accepted(ANNA)
          .accepted(BEN)
          .read(BEN, 0, ...ANNAS, 'chatting', '3:Ben'),
      /event 4 says that it is chatting with ben, after it was chatting with anna/,
    ],
    [
      'an agent is in a chat without having accepted it',
      () => both().read('visitor', 0, ...ANNAS),
      /anna is in it from event 2 on, and did not accept it/,
    ],
    [
      'another agent writes in the chat',
      () =>
        both()
          .accepted(ANNA)
          .said('mine', 4, BEN)
          .read(ANNA, 0, ...ANNAS, 'mine'),
      /ben wrote event 4 in call \d+ while it was chatting with anna/,
    ],
    [
      'another agent reads the chat',
      () =>
        both()
          .accepted(ANNA)
          .read(BEN, 0, ...ANNAS),
      /ben read it in call \d+ while it was chatting with anna/,
    ],
    [
      'who gave a chat away can still read it',
      () =>
        both()
          .accepted(ANNA)
          .did({ do: 'transfer', chat: CHAT, by: ANNA, to: { skill: 1 }, text: 'n' }, {})
          .read(ANNA, 0, ...ANNAS, '15', 'waiting', '(n)'),
      /anna read it in call \d+ while it was waiting/,
    ],
    [
      'a transfer that was acknowledged did not happen',
      () =>
        both()
          .accepted(ANNA)
          .did({ do: 'transfer', chat: CHAT, by: ANNA, to: { skill: 1 }, text: 'n' }, {})
          .read('disk', 0, ...ANNAS),
      /anna gave it away, and the feed does not show it/,
    ],
    [
      'a chat leaves an agent who did nothing',
      () =>
        both()
          .accepted(ANNA)
          .read('visitor', 0, ...ANNAS, '23', 'waiting'),
      /nobody did anything by which anna would lose it at event 5 \(requeued\)/,
    ],
    [
      'an agent has more chats than they may',
      () =>
        both()
          .requested('H2')
          .accepted(ANNA)
          .accepted(ANNA, 'H2')
          .readOf('H2', 'visitor', 0, ...ANNAS)
          .read('visitor', 0, ...ANNAS),
      /anna has 2 chats of at most 1/,
    ],
    [
      'an agent who is full is rung too often',
      () =>
        both()
          .accepted(ANNA)
          .did({ do: 'ringing', session: ANNA }, { count: 2 })
          .read('visitor', 0, ...ANNAS),
      /anna has 1 chats and 2 ring in call \d+, of at most 1/,
    ],
    [
      'a chat that an agent has is not there for them',
      () =>
        both()
          .accepted(ANNA)
          .refused({ do: 'info', chat: CHAT, by: ANNA }, 404)
          .read('visitor', 0, ...ANNAS),
      /anna has it, and it is not there for them in call \d+ \(info\)/,
    ],
  ]);

  it('one chat more by a transfer aimed at the agent is none too many', () => {
    const story = both().requested('H2').accepted(BEN).accepted(ANNA, 'H2');
    story.did({ do: 'transfer', chat: CHAT, by: BEN, to: { agent: 'anna' }, text: 'n' }, {});
    story.accepted(ANNA).readOf('H2', 'visitor', 0, ...ANNAS);
    const bens = ['waiting', '4', 'chatting', '3:Ben', '13', 'waiting', '(n)'] as const;
    expect(story.read('disk', 0, ...bens, 'chatting', '3:Anna').problems).toEqual([]);
  });

  it('accepts that nobody was answered are of the chats that were known after them', () => {
    const bens = ['waiting', '4', 'chatting', '3:Ben'] as const;
    const story = both().requested('H2').unknown({ do: 'accept', session: BEN });
    story.killed().readOf('H2', 'visitor', 0, ...bens);
    // The chat that was requested first is accepted last.
    story.unknown({ do: 'accept', session: BEN }).killed();
    expect(story.read('visitor', 0, ...bens).problems).toEqual([]);
  });
});

describe('[DUR1] while nobody writes: it is found when', () => {
  /** Anna and Ben are at work, and found so. */
  const look = (story: Story, rings: readonly [number, number], online = 'Online') =>
    story
      .did({ do: 'availability', session: ANNA }, { is: online })
      .did({ do: 'ringing', session: ANNA }, { count: rings[0] })
      .did({ do: 'availability', session: BEN }, { is: online })
      .did({ do: 'ringing', session: BEN }, { count: rings[1] });
  const info = (story: Story, by: '/anna' | '/ben') =>
    story.did({ do: 'info', chat: CHAT, by }, { state: 'chatting', name: `visitor of ${CHAT}` });
  const both = () => new Story().came('anna').came('ben').requested();
  finds([
    [
      'a chat rings nowhere',
      () => both().quiet((s) => look(s.read('visitor', 0, 'waiting', '4'), [0, 0])),
      /\[anna,ben\] are Online with room, and of the waiting chats \[H1\] only 0 ring/,
    ],
    [
      'a chat rings at two agents',
      () => both().quiet((s) => look(s.read('visitor', 0, 'waiting', '4'), [1, 1])),
      /2 chats ring and only \[H1\] wait/,
    ],
    [
      'more chats ring than anybody asked for',
      () =>
        both()
          .unknown({ do: 'request', name: 'nobody knows', hidden: [] })
          .quiet((s) => look(s.read('visitor', 0, 'waiting', '4'), [2, 1])),
      /3 chats ring and only \[H1\] and perhaps 1 that nobody was shown wait/,
    ],
    [
      'two agents are in a chat',
      () =>
        both()
          .accepted(ANNA)
          .quiet((s) => info(info(look(s.read('visitor', 0, ...ANNAS), [0, 0]), ANNA), BEN)),
      /chat H1 is chatting, and \[anna,ben\] are in it/,
    ],
    [
      'nobody is in a chat that says otherwise',
      () =>
        both()
          .accepted(ANNA)
          .quiet((s) => look(s.read('visitor', 0, ...ANNAS), [0, 0])),
      /chat H1 is chatting, and \[\] are in it/,
    ],
    [
      'somebody who left is still there',
      () =>
        both()
          .did({ do: 'close', session: BEN }, {})
          .quiet((s) =>
            s
              .did({ do: 'availability', session: ANNA }, { is: 'Online' })
              .did({ do: 'ringing', session: ANNA }, { count: 1 })
              .did({ do: 'staff', session: ANNA }, { online: ['anna', 'ben'] }),
          ),
      /ben is not at work, and call \d+ shows otherwise/,
    ],
    [
      'nothing is answered',
      () => both().quiet((s) => s.unknown({ do: 'ringing', session: ANNA })),
      /call \d+ \(ringing\) is answered 0 while nobody writes/,
    ],
    [
      'a chat could not be brought to its end',
      () => both().read('visitor', 0, 'waiting', '4').finished(),
      /could not be brought to their end: chats H1/,
    ],
  ]);
});
