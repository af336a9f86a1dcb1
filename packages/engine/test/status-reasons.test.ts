import { describe, expect, it } from 'vitest';
import { fromSnapshot, presenceOf, type StateSnapshot, takeSnapshot } from '@parley/engine';
import { AMY, BREAK, FLOOR, LUNCH, REASONS } from './account.js';
import { World } from './world.js';

/** Asks for a reason that must be refused. */
function refused(world: World, reasonId: number, availability: 'Away' | 'Online' = 'Away') {
  return world.refused<'session.setAvailability'>({
    type: 'session.setAvailability',
    sessionId: world.session(AMY).id,
    availability,
    reasonId,
  });
}

describe('status reasons', () => {
  it('[REASON4] stay with the session until its availability is set again', () => {
    const world = new World();
    world.login(AMY);
    expect(presenceOf(world.state, AMY).reasonId).toBeNull();
    world.set(AMY, 'Away', LUNCH);
    expect(presenceOf(world.state, AMY)).toMatchObject({ availability: 'Away', reasonId: LUNCH });
    world.pass(10);
    world.set(AMY, 'Away');
    expect(world.session(AMY)).toMatchObject({ reasonId: null, availabilitySince: world.now });
    world.set(AMY, 'Online', FLOOR);
    expect(presenceOf(world.state, AMY).reasonId).toBe(FLOOR);
    world.login(AMY);
    expect(presenceOf(world.state, AMY).reasonId).toBeNull();
  });

  it('[REASON4] that are given again change nothing', () => {
    const world = new World();
    world.login(AMY);
    world.set(AMY, 'Away', LUNCH);
    const { availabilitySince } = world.session(AMY);
    const { length } = world.journal;
    world.pass(10);
    world.set(AMY, 'Away', LUNCH);
    expect(world.journal).toHaveLength(length);
    expect(world.session(AMY).availabilitySince).toBe(availabilitySince);
  });

  it('[REASON5] are refused for another state, when disabled, and when there is none', () => {
    const world = new World();
    world.login(AMY);
    const rejected = 'status-reason-refused';
    expect([refused(world, LUNCH, 'Online'), refused(world, BREAK), refused(world, 77)]).toEqual([
      { rejected, reasonId: LUNCH, availability: 'Online', because: 'other-state' },
      { rejected, reasonId: BREAK, availability: 'Away', because: 'disabled' },
      { rejected, reasonId: 77, availability: 'Away', because: 'unknown' },
    ]);
  });

  it('[REASON6] are not given to who turns Away because a chat was not answered', () => {
    const world = new World();
    world.login(AMY);
    world.set(AMY, 'Online', FLOOR);
    world.request();
    world.pass(20);
    expect(world.session(AMY)).toMatchObject({ availability: 'Away', reasonId: null });
  });

  it('[REASON7] go when they are deleted or are for another state, not when disabled', () => {
    const world = new World();
    world.login(AMY);
    const become = (change: object | null) => {
      const [lunch, ...others] = REASONS;
      const reasons =
        change === null ? others : [{ ...lunch, ...change } as (typeof REASONS)[0], ...others];
      world.config = {
        ...world.config,
        statusReasons: new Map(reasons.map((reason) => [reason.id, reason])),
      };
      world.do<'config.changed'>({ type: 'config.changed' });
      return world.session(AMY).reasonId;
    };
    world.set(AMY, 'Away', LUNCH);
    expect(become({ enabled: false })).toBe(LUNCH);
    // Who has it may say so again.
    world.set(AMY, 'Away', LUNCH);
    expect(become({ state: 'Occupied' })).toBeNull();
    expect(become({})).toBeNull();
    world.set(AMY, 'Away', LUNCH);
    expect(become(null)).toBeNull();
    expect(world.session(AMY).availability).toBe('Away');
  });

  it('[SNAP7] snapshots of before there were reasons are read', () => {
    const world = new World();
    world.login(AMY);
    const snapshot = JSON.parse(JSON.stringify(takeSnapshot(world.state))) as StateSnapshot;
    for (const session of snapshot.sessions) Reflect.deleteProperty(session, 'reasonId');
    const state = fromSnapshot(snapshot);
    expect(presenceOf(state, AMY).reasonId).toBeNull();
    const session = state.sessionOfUser.get(AMY);
    expect(session === undefined ? 'none' : state.sessions.get(session.id)).toBe(session);
  });
});
