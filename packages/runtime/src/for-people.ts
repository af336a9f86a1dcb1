/** At the command line it is people who read what is wrong: the error of the wire, without its codes. */
import { AdministrationError } from '@parley/configuration/administration-error';
import { aboutOne } from '@parley/configuration/changes/fields';
import { type DocumentType, describeProblems, WireError } from '@parley/protocol';

/** The refusal of the wire as one of the command line; any other error as it is. */
export function readable(error: unknown): unknown {
  return error instanceof WireError ? new AdministrationError(error.message) : error;
}

/** @throws AdministrationError for what the wire would refuse */
export function forPeople<R>(work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw readable(error);
  }
}

/** The value as the wire would read it. @throws AdministrationError naming what is wrong with it. */
export function read<T>(document: DocumentType<T>, value: unknown): T {
  const result = document.read(value);
  if (result.ok) return result.value;
  throw new AdministrationError(aboutOne(describeProblems(result.problems)));
}
