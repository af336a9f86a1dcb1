/** Chats that somebody is in beside the agent, or is asked to come into. */
/** What somebody is in a chat whose agent is another. */
export type RoleBeside = 'assistant' | 'listener' | 'supervisor';

export interface Beside {
  readonly chatId: string;
  readonly role: RoleBeside;
  /** `asked`: an invitation rings. */
  readonly is: 'in' | 'asked';
}

/** Whether it counts against the user's cap: who assists has as much to do as who is the agent. */
export function counts({ role }: Pick<Beside, 'role'>): boolean {
  return role === 'assistant';
}

/** The chats that a session's user is in, or is asked into, oldest first. */
export function chatsBeside(
  { beside }: { readonly beside: readonly Beside[] },
  is: Beside['is'],
): readonly string[] {
  return beside.flatMap((one) => (one.is === is ? one.chatId : []));
}

/** @throws Error when it is not there: an invariant is broken */
export function withoutBeside(
  beside: readonly Beside[],
  chatId: string,
  is: Beside['is'],
): readonly Beside[] {
  const index = beside.findIndex((one) => one.chatId === chatId && one.is === is);
  if (index < 0)
    throw new Error(`chat ${chatId} is not among those that a session is ${is} beside`);
  return beside.toSpliced(index, 1);
}
