import { describe, expect, it } from 'vitest';
import {
  type AccountCommand,
  fromSnapshot,
  type Replies,
  type StateSnapshot,
  takeSnapshot,
} from '@parley/engine';
import { AMY } from './account.js';
import { World } from './world.js';

const HOUR = 3_600;

type Identify = Extract<AccountCommand, { type: 'participant.identify' }>;
type Ids = Replies['participant.identify'];

let made = 0;
/** Somebody who was never seen before, with a token that lasts for an hour. */
function somebody(world: World, more: Partial<Identify> = {}): Identify {
  made += 1;
  return {
    type: 'participant.identify',
    participantId: `person-${made}`,
    connectorId: 1,
    visitorId: null,
    tokenHash: `token-${made}`,
    tokenUntil: world.now + HOUR * 1000,
    profile: { customerId: `customer-${made}` },
    ...more,
  };
}

const identify = (world: World, more: Partial<Identify> = {}) =>
  world.do<'participant.identify'>(somebody(world, more));
const request = (world: World, participant: Ids) => ({ ...world.asking({}), participant });

describe('participants', () => {
  it('[IDENT7] have one chat, which has them from then on', () => {
    const world = new World();
    const ann = identify(world, { visitorId: 'v1', profile: { name: 'Ann' } });
    const { chatId } = world.do<'chat.request'>(request(world, ann));
    expect(world.state.chats.get(chatId)?.participant).toEqual({
      ...ann,
      connectorId: 1,
      visitorId: 'v1',
      at: world.now,
      profile: { name: 'Ann' },
    });
    const refused = { rejected: 'unknown-participant' };
    expect(world.refused<'chat.request'>(request(world, ann))).toEqual(refused);
    expect(world.state.chats.get(world.request())?.participant).toBeNull();
  });

  it('[IDENT7] are known by both ids alone, and for an hour', () => {
    const world = new World();
    const [ann, bob] = [identify(world), identify(world)];
    const refused = { rejected: 'unknown-participant' };
    for (const wrong of [
      { ...ann, participantId: bob.participantId },
      { ...ann, conversationId: bob.conversationId },
      { conversationId: 'none', participantId: ann.participantId },
    ]) {
      expect(world.refused<'chat.request'>(request(world, wrong))).toEqual(refused);
    }
    world.pass(HOUR - 1);
    world.do<'chat.request'>(request(world, bob));
    world.pass(1);
    expect(world.refused<'chat.request'>(request(world, ann))).toEqual(refused);
    identify(world);
    expect(world.state.participants.size).toBe(1);
  });

  it('[IDENT5] whose token was used are refused until it has expired by itself', () => {
    const world = new World();
    identify(world, { tokenHash: 'used' });
    const again = somebody(world, { tokenHash: 'used' });
    expect(world.refused<'participant.identify'>(again)).toEqual({ rejected: 'token-replayed' });
    world.pass(HOUR);
    identify(world);
    expect(world.state.usedTokens.has('used')).toBe(false);
  });

  it('[IDENT7] stay with their chat over a snapshot, and go with it', () => {
    const world = new World();
    world.login(AMY);
    const ann = identify(world);
    identify(world);
    const { chatId } = world.do<'chat.request'>(request(world, ann));
    const snapshot = JSON.parse(JSON.stringify(takeSnapshot(world.state))) as StateSnapshot;
    const state = fromSnapshot(snapshot);
    expect(state.chats.get(chatId)?.participant).toEqual(
      world.state.chats.get(chatId)?.participant,
    );
    expect(state.participants).toEqual(world.state.participants);
    expect(state.usedTokens).toEqual(world.state.usedTokens);
  });

  it('[SNAP7] are none in snapshots of before visitors could be authenticated', () => {
    const world = new World();
    const chatId = world.request();
    const { participants: _, usedTokens: __, ...old } = takeSnapshot(world.state);
    const snapshot = JSON.parse(JSON.stringify(old)) as StateSnapshot;
    for (const chat of snapshot.chats) Reflect.deleteProperty(chat, 'participant');
    const state = fromSnapshot(snapshot);
    expect(state.chats.get(chatId)?.participant).toBeNull();
    expect([state.participants.size, state.usedTokens.size]).toEqual([0, 0]);
  });
});
