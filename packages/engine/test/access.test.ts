import { describe, expect, it } from 'vitest';
import { access, type ChatReader, type ChatRole } from '@parley/engine';
import { agent, AMY, BEN, BILLING, CAT, SALES } from './account.js';
import { World } from './world.js';

const begin = () => new World({ users: [agent(AMY), agent(BEN), agent(CAT)] });

/** What everybody is in the chat, and whether the visitor hears them. */
function rolesIn(world: World, chatId: string) {
  const of = (reader: ChatReader) => {
    const found = access(world.state, reader, chatId);
    return found === null ? null : `${found.role}, ${found.speaks ? 'heard' : 'not heard'}`;
  };
  return {
    amy: of({ by: 'session', sessionId: world.session(AMY).id }),
    ben: of({ by: 'session', sessionId: world.session(BEN).id }),
    visitor: of({ by: 'visitor' }),
    administrator: of({ by: 'supervisor', of: 'everybody' }),
    managerOfBen: of({
      by: 'supervisor',
      of: { userIds: new Set([BEN]), skillIds: new Set([BILLING]) },
    }),
  };
}

describe('access', () => {
  it('[ACCESS1] is for the agent, the visitor and who supervises them; for nobody else it is not there', () => {
    const world = begin();
    world.open(AMY, BEN);
    const chat = world.chatWith(AMY);
    const theirs = {
      amy: 'agent, heard',
      ben: null,
      visitor: 'visitor, heard',
      administrator: 'supervisor, not heard',
      managerOfBen: null,
    };
    expect(rolesIn(world, chat)).toEqual(theirs);
    world.end(chat);
    expect(rolesIn(world, chat)).toEqual(theirs);
    expect(Object.values(rolesIn(world, 'nothing'))).toEqual([null, null, null, null, null]);
  });

  it('[ACCESS1] of a chat that waits or rings is for no agent', () => {
    const world = begin();
    world.open(AMY, BEN);
    const chat = world.request({ skill: SALES });
    expect(rolesIn(world, chat)).toMatchObject({ amy: null, ben: null, managerOfBen: null });
    world.pass(20);
    expect(world.where(chat)).toBe(`ringing ${BEN}`);
    expect(rolesIn(world, chat)).toMatchObject({
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
    const world = begin();
    world.open(AMY, BEN);
    const id = world.chatWith(AMY);
    const chat = world.chat(id);
    chat.participants = [...chat.participants, { userId: BEN, role, since: world.now }];
    expect(rolesIn(world, id)).toMatchObject({ amy: 'agent, heard', ben: expected });
    const found = access(world.state, { by: 'session', sessionId: world.session(BEN).id }, id);
    expect(found?.reads).toBe('agent');
  });
});
