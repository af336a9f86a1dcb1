import { MAX_DELEGATIONS } from '@parley/engine';
import { describe, expect, it } from 'vitest';
import { AMY } from './account.js';
import { begin } from './collaboration-fixture.js';
import type { Fixture } from './fixture.js';

const delegate = (fixture: Fixture, sessionId = fixture.session(AMY).id) =>
  fixture.do<'session.delegate'>({
    ...{ type: 'session.delegate', sessionId, name: 'Helper', tokenHash: 'abc' },
    ...{ rights: ['read', 'suggest'], approval: [] },
  }).delegationId;

const ids = (fixture: Fixture) => fixture.session(AMY).delegations?.map(({ id }) => id) ?? [];

describe('delegations', () => {
  it('[DELEG1] are kept across restarts, and end by themselves with their session', () => {
    const { fixture } = begin();
    const id = delegate(fixture);
    fixture.restart();
    expect(fixture.session(AMY).delegations).toMatchObject([
      { id, name: 'Helper', tokenHash: 'abc', rights: ['read', 'suggest'], since: fixture.now },
    ]);
    fixture.login(AMY);
    expect(ids(fixture)).toEqual([]);
  });

  it('[DELEG5] end by themselves after the time that was named, the same after a restart and a set clock', () => {
    const { fixture } = begin();
    const { id: sessionId } = fixture.session(AMY);
    const { delegationId } = fixture.do<'session.delegate'>({
      ...{ type: 'session.delegate', sessionId, name: 'Helper', tokenHash: 'abc', expiresIn: 600 },
      ...{ rights: ['read'], approval: [] },
    });
    const forever = delegate(fixture);
    fixture.pass(300);
    fixture.restart();
    fixture.now += 3_600_000;
    fixture.do<'clock.moved'>({ type: 'clock.moved', by: 3_600_000 });
    fixture.pass(299);
    expect(ids(fixture)).toEqual([delegationId, forever]);
    fixture.pass(1);
    expect(ids(fixture)).toEqual([forever]);
    const { delegationId: third } = fixture.do<'session.delegate'>({
      ...{ type: 'session.delegate', sessionId, name: 'Third', tokenHash: 'd', expiresIn: 60 },
      ...{ rights: ['read'], approval: [] },
    });
    fixture.do<'session.endDelegation'>({
      ...{ type: 'session.endDelegation', sessionId, delegationId: third },
    });
    fixture.pass(60);
    expect(ids(fixture)).toEqual([forever]);
  });

  it('[DELEG1] are ended one by one, and bounded', () => {
    const { fixture } = begin();
    const all = Array.from({ length: MAX_DELEGATIONS }, () => delegate(fixture));
    const { id: sessionId } = fixture.session(AMY);
    const more = { type: 'session.delegate', sessionId, name: 'One more', tokenHash: 'd' } as const;
    expect(fixture.refused({ ...more, rights: ['read'], approval: [] })).toMatchObject({
      rejected: 'too-many-delegations',
    });
    const [first = ''] = all;
    const ending = { type: 'session.endDelegation', sessionId, delegationId: first } as const;
    fixture.do<'session.endDelegation'>(ending);
    expect(ids(fixture)).toEqual(all.slice(1));
    expect(fixture.refused(ending)).toEqual({
      ...{ rejected: 'unknown-delegation', delegationId: first },
    });
  });

  it('[DELEG2] do not let a program suggest that was not given that right, even where its agent may', () => {
    const { fixture, chat } = begin();
    const { id: sessionId } = fixture.session(AMY);
    const { delegationId } = fixture.do<'session.delegate'>({
      ...{ type: 'session.delegate', sessionId, name: 'Reader', tokenHash: 'abc' },
      ...{ rights: ['read'], approval: [] },
    });
    const suggesting = {
      type: 'chat.suggest',
      ...{ chatId: chat, sessionId, delegationId, text: 'Yes' },
      textType: 'plain',
    } as const;
    expect(fixture.refused(suggesting)).toMatchObject({ rejected: 'role-refused', to: 'suggest' });
  });

  it('[DELEG4] let a program suggest in the agent’s own chat, as long as they last', () => {
    const { fixture, chat } = begin();
    const delegationId = delegate(fixture);
    const { id: sessionId } = fixture.session(AMY);
    const suggesting = {
      type: 'chat.suggest',
      ...{ chatId: chat, sessionId, delegationId, text: 'Yes' },
      textType: 'plain',
    } as const;
    fixture.do<'chat.suggest'>(suggesting);
    expect(fixture.chat(chat).suggestions?.list).toMatchObject([
      { byUserId: AMY, program: 'Helper', state: 'open' },
    ]);
    fixture.do<'session.endDelegation'>({ type: 'session.endDelegation', sessionId, delegationId });
    expect(fixture.refused(suggesting)).toMatchObject({ rejected: 'role-refused', to: 'suggest' });
  });
});
