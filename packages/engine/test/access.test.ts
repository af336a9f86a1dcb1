import { describe, expect, it } from 'vitest';
import { access, type ChatReader, type ChatRole } from '@parley/engine';
import { agent, AMY, BEN, CAT, EAST, SALES, SOUTH, WEST } from './account.js';
import { Fixture } from './fixture.js';

const BOSS = 8;
const MANAGER = 9;

const begin = () =>
  new Fixture({
    users: [
      agent(AMY, { groupId: WEST }),
      agent(BEN, { groupId: SOUTH }),
      agent(CAT),
      agent(BOSS, { roles: ['administrator'], skillIds: [] }),
      // Of East, and so of South below it.
      agent(MANAGER, { roles: ['manager'], skillIds: [], managedGroupIds: [EAST] }),
    ],
  });

/** What everybody is in the chat, and whether the visitor hears them. */
function rolesIn(fixture: Fixture, chatId: string) {
  const of = (reader: ChatReader) => {
    const found = access(fixture.state, fixture.config, reader, chatId);
    return found === null ? null : `${found.role}, ${found.speaks ? 'heard' : 'not heard'}`;
  };
  return {
    amy: of({ by: 'session', sessionId: fixture.session(AMY).id }),
    ben: of({ by: 'session', sessionId: fixture.session(BEN).id }),
    benAsUser: of({ by: 'user', userId: BEN }),
    visitor: of({ by: 'visitor' }),
    administrator: of({ by: 'supervisor', userId: BOSS }),
    managerOfBen: of({ by: 'supervisor', userId: MANAGER }),
  };
}

describe('access', () => {
  it('[ACCESS1] is for the agent, the visitor and who supervises them; for nobody else it is not there', () => {
    const fixture = begin();
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY);
    const theirs = {
      amy: 'agent, heard',
      ben: null,
      benAsUser: null,
      visitor: 'visitor, heard',
      administrator: 'supervisor, not heard',
      managerOfBen: null,
    };
    expect(rolesIn(fixture, chat)).toEqual(theirs);
    fixture.end(chat);
    expect(rolesIn(fixture, chat)).toEqual(theirs);
    expect(Object.values(rolesIn(fixture, 'nothing'))).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('[ACCESS1] of a chat that waits or rings is for no agent', () => {
    const fixture = begin();
    fixture.open(AMY, BEN);
    const chat = fixture.request({ skill: SALES });
    expect(rolesIn(fixture, chat)).toMatchObject({ amy: null, ben: null, managerOfBen: null });
    fixture.pass(20);
    expect(fixture.where(chat)).toBe(`ringing ${BEN}`);
    expect(rolesIn(fixture, chat)).toMatchObject({
      amy: null,
      ben: null,
      managerOfBen: 'supervisor, not heard',
    });
  });

  it.each<[ChatRole, string]>([
    ['assistant', 'assistant, heard'],
    ['listener', 'listener, not heard'],
    ['supervisor', 'supervisor, not heard'],
  ])('[ACCESS2] of somebody in the chat as %s', (role, expected) => {
    const fixture = begin();
    fixture.open(AMY, BEN);
    const id = fixture.chatWith(AMY);
    const chat = fixture.chat(id);
    fixture.reconfigure(BEN, { roles: ['agent', 'administrator'] });
    chat.participants = [...chat.participants, { userId: BEN, role, since: fixture.now }];
    expect(rolesIn(fixture, id)).toMatchObject({
      amy: 'agent, heard',
      ben: expected,
      benAsUser: expected,
    });
    const found = access(
      fixture.state,
      fixture.config,
      { by: 'session', sessionId: fixture.session(BEN).id },
      id,
    );
    expect(found?.reads).toBe('agent');
  });
});
