import { describe, expect, it } from 'vitest';
import { fromSnapshot, presenceOf, type StateSnapshot, takeSnapshot } from '@parley/engine';
import { AMY, BREAK, FLOOR, LUNCH, REASONS } from './account.js';
import { Fixture } from './fixture.js';

/** Asks for a reason that must be refused. */
function refused(fixture: Fixture, reasonId: number, availability: 'Away' | 'Online' = 'Away') {
  return fixture.refused<'session.setAvailability'>({
    type: 'session.setAvailability',
    sessionId: fixture.session(AMY).id,
    availability,
    reasonId,
  });
}

describe('status reasons', () => {
  it('[REASON4] stay with the session until its availability is set again', () => {
    const fixture = new Fixture();
    fixture.login(AMY);
    expect(presenceOf(fixture.state, AMY).reasonId).toBeNull();
    fixture.set(AMY, 'Away', LUNCH);
    expect(presenceOf(fixture.state, AMY)).toMatchObject({ availability: 'Away', reasonId: LUNCH });
    fixture.pass(10);
    fixture.set(AMY, 'Away');
    expect(fixture.session(AMY)).toMatchObject({ reasonId: null, availabilitySince: fixture.now });
    fixture.set(AMY, 'Online', FLOOR);
    expect(presenceOf(fixture.state, AMY).reasonId).toBe(FLOOR);
    fixture.login(AMY);
    expect(presenceOf(fixture.state, AMY).reasonId).toBeNull();
  });

  it('[REASON4] that are given again change nothing', () => {
    const fixture = new Fixture();
    fixture.login(AMY);
    fixture.set(AMY, 'Away', LUNCH);
    const { availabilitySince } = fixture.session(AMY);
    const { length } = fixture.journal;
    fixture.pass(10);
    fixture.set(AMY, 'Away', LUNCH);
    expect(fixture.journal).toHaveLength(length);
    expect(fixture.session(AMY).availabilitySince).toBe(availabilitySince);
  });

  it('[REASON5] are refused for another state, when disabled, and when there is none', () => {
    const fixture = new Fixture();
    fixture.login(AMY);
    const rejected = 'status-reason-refused';
    expect([
      refused(fixture, LUNCH, 'Online'),
      refused(fixture, BREAK),
      refused(fixture, 77),
    ]).toEqual([
      { rejected, reasonId: LUNCH, availability: 'Online', because: 'other-state' },
      { rejected, reasonId: BREAK, availability: 'Away', because: 'disabled' },
      { rejected, reasonId: 77, availability: 'Away', because: 'unknown' },
    ]);
  });

  it('[REASON6] are not given to who turns Away because a chat was not answered', () => {
    const fixture = new Fixture();
    fixture.login(AMY);
    fixture.set(AMY, 'Online', FLOOR);
    fixture.request();
    fixture.pass(20);
    expect(fixture.session(AMY)).toMatchObject({ availability: 'Away', reasonId: null });
  });

  it('[REASON7] go when they are deleted or are for another state, not when disabled', () => {
    const fixture = new Fixture();
    fixture.login(AMY);
    const become = (change: object | null) => {
      const [lunch, ...others] = REASONS;
      const reasons =
        change === null ? others : [{ ...lunch, ...change } as (typeof REASONS)[0], ...others];
      fixture.config = {
        ...fixture.config,
        statusReasons: new Map(reasons.map((reason) => [reason.id, reason])),
      };
      fixture.do<'config.changed'>({ type: 'config.changed' });
      return fixture.session(AMY).reasonId;
    };
    fixture.set(AMY, 'Away', LUNCH);
    expect(become({ enabled: false })).toBe(LUNCH);
    // Who has it may say so again.
    fixture.set(AMY, 'Away', LUNCH);
    expect(become({ state: 'Occupied' })).toBeNull();
    expect(become({})).toBeNull();
    fixture.set(AMY, 'Away', LUNCH);
    expect(become(null)).toBeNull();
    expect(fixture.session(AMY).availability).toBe('Away');
  });

  it('[SNAP7] snapshots of before there were reasons are read', () => {
    const fixture = new Fixture();
    fixture.login(AMY);
    const snapshot = JSON.parse(JSON.stringify(takeSnapshot(fixture.state))) as StateSnapshot;
    for (const session of snapshot.sessions) Reflect.deleteProperty(session, 'reasonId');
    const state = fromSnapshot(snapshot);
    expect(presenceOf(state, AMY).reasonId).toBeNull();
    const session = state.sessionOfUser.get(AMY);
    expect(session === undefined ? 'none' : state.sessions.get(session.id)).toBe(session);
  });
});
