/** Commands to the account of a call. */
import type { CommandType, Replies } from '@parley/engine';
import type { Submission } from '@parley/runtime/accounts/submission';
import type { AccountCall } from './call.js';
import type { OpenSpan } from './tracing.js';

/**
 * Gives the account a command of this call's actor; answers when its events are on disk.
 * @param newId the id of what the command makes, if it makes something
 * @throws CommandRejected, AccountUnavailable as the host does
 */
export async function execute<T extends CommandType>(
  call: AccountCall,
  command: Submission<T>['command'],
  newId?: string,
): Promise<Replies[T]> {
  const { actor, account, attempt, server, request } = call;
  const span = server.tracing?.commit(request.raw, account.id, command.type) ?? null;
  const idempotency = attempt?.idempotency;
  const submitted = account.host.submit<T>({
    command,
    actor,
    ...(span === null ? {} : { cause: span.traceparent }),
    ...(newId === undefined ? {} : { newId }),
    ...(idempotency === undefined ? {} : { idempotency }),
  });
  if (span !== null) endWith(span, submitted);
  const { reply, replayed } = await submitted;
  if (attempt !== null && replayed) attempt.replayed = true;
  return reply;
}

/** Ends a span when something is over. */
function endWith(span: OpenSpan, over: Promise<unknown>): void {
  over.then(
    () => span.end(),
    (error) => span.end(error instanceof Error ? error.name : 'Error'),
  );
}
