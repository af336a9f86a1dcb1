import { describe, expect, it } from 'vitest';
import {
  type AccountCommand,
  fromSnapshot,
  type Replies,
  type StateSnapshot,
  takeSnapshot,
} from '@parley/engine';
import { AMY } from './account.js';
import { Fixture } from './fixture.js';

const HOUR = 3_600;

type Identify = Extract<AccountCommand, { type: 'participant.identify' }>;
type Ids = Replies['participant.identify'];

let made = 0;
/** Somebody who was never seen before, with a token that lasts for an hour. */
function somebody(fixture: Fixture, more: Partial<Identify> = {}): Identify {
  made += 1;
  return {
    type: 'participant.identify',
    participantId: `person-${made}`,
    connectorId: 1,
    visitorId: null,
    tokenHash: `token-${made}`,
    tokenUntil: fixture.now + HOUR * 1000,
    profile: { customerId: `customer-${made}` },
    ...more,
  };
}

const identify = (fixture: Fixture, more: Partial<Identify> = {}) =>
  fixture.do<'participant.identify'>(somebody(fixture, more));
const request = (fixture: Fixture, participant: Ids) => ({ ...fixture.asking({}), participant });

describe('participants', () => {
  it('[IDENT7] have one chat, which has them from then on', () => {
    const fixture = new Fixture();
    const ann = identify(fixture, { visitorId: 'v1', profile: { name: 'Ann' } });
    const { chatId } = fixture.do<'chat.request'>(request(fixture, ann));
    expect(fixture.state.chats.get(chatId)?.participant).toEqual({
      ...ann,
      connectorId: 1,
      visitorId: 'v1',
      at: fixture.now,
      profile: { name: 'Ann' },
    });
    const refused = { rejected: 'unknown-participant' };
    expect(fixture.refused<'chat.request'>(request(fixture, ann))).toEqual(refused);
    expect(fixture.state.chats.get(fixture.request())?.participant).toBeNull();
  });

  it('[IDENT7] are known by both ids alone, and for an hour', () => {
    const fixture = new Fixture();
    const [ann, bob] = [identify(fixture), identify(fixture)];
    const refused = { rejected: 'unknown-participant' };
    for (const wrong of [
      { ...ann, participantId: bob.participantId },
      { ...ann, conversationId: bob.conversationId },
      { conversationId: 'none', participantId: ann.participantId },
    ]) {
      expect(fixture.refused<'chat.request'>(request(fixture, wrong))).toEqual(refused);
    }
    fixture.pass(HOUR - 1);
    fixture.do<'chat.request'>(request(fixture, bob));
    fixture.pass(1);
    expect(fixture.refused<'chat.request'>(request(fixture, ann))).toEqual(refused);
    identify(fixture);
    expect(fixture.state.participants.size).toBe(1);
  });

  it('[IDENT5] whose token was used are refused until it has expired by itself', () => {
    const fixture = new Fixture();
    identify(fixture, { tokenHash: 'used' });
    const again = somebody(fixture, { tokenHash: 'used' });
    expect(fixture.refused<'participant.identify'>(again)).toEqual({ rejected: 'token-replayed' });
    fixture.pass(HOUR);
    identify(fixture);
    expect(fixture.state.usedTokens.has('used')).toBe(false);
  });

  it('[IDENT7] stay with their chat over a snapshot, and go with it', () => {
    const fixture = new Fixture();
    fixture.login(AMY);
    const ann = identify(fixture);
    identify(fixture);
    const { chatId } = fixture.do<'chat.request'>(request(fixture, ann));
    const snapshot = JSON.parse(JSON.stringify(takeSnapshot(fixture.state))) as StateSnapshot;
    const state = fromSnapshot(snapshot);
    expect(state.chats.get(chatId)?.participant).toEqual(
      fixture.state.chats.get(chatId)?.participant,
    );
    expect(state.participants).toEqual(fixture.state.participants);
    expect(state.usedTokens).toEqual(fixture.state.usedTokens);
  });

  it('[SNAP7] are none in snapshots of before visitors could be authenticated', () => {
    const fixture = new Fixture();
    const chatId = fixture.request();
    const { participants: _, usedTokens: __, ...old } = takeSnapshot(fixture.state);
    const snapshot = JSON.parse(JSON.stringify(old)) as StateSnapshot;
    for (const chat of snapshot.chats) Reflect.deleteProperty(chat, 'participant');
    const state = fromSnapshot(snapshot);
    expect(state.chats.get(chatId)?.participant).toBeNull();
    expect([state.participants.size, state.usedTokens.size]).toEqual([0, 0]);
  });
});
