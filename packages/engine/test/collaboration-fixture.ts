/** A chat with colleagues who can come in, and people who supervise it. */
import { agent, AMY, BEN, BILLING, CAT, DAN, EAST, WEST } from './account.js';
import { Fixture } from './fixture.js';

export const ADMIN = 8;
export const BOSS = 9;

/** Amy chats; Ben, Cat and Dan are there for billing; an administrator and a manager of West supervise. */
export function begin(): { fixture: Fixture; chat: string } {
  const fixture = new Fixture({
    users: [
      agent(AMY, { groupId: WEST }),
      ...[BEN, CAT, DAN].map((id) => agent(id, { skillIds: [BILLING], groupId: EAST })),
      agent(ADMIN, { roles: ['administrator'], skillIds: [] }),
      agent(BOSS, { roles: ['manager'], skillIds: [], managedGroupIds: [WEST] }),
    ],
  });
  fixture.open(AMY, BEN, CAT, DAN);
  for (const id of [ADMIN, BOSS]) fixture.login(id, { supervises: true });
  return { fixture, chat: fixture.chatWith(AMY) };
}

export const whisper = { subType: 'ONLY_TO_REP' } as const;
