/** A command cannot do what it was asked; the message says why and what to do. */
export class CommandFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandFailure';
  }
}

/** Errors whose messages are meant for people; anything else is a defect and shown with its stack. */
const FOR_PEOPLE = [
  'CommandFailure',
  'StartError',
  'AdministrationError',
  'StoreFailure',
  'StoreConflict',
];

/** What to print about an error. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return FOR_PEOPLE.includes(error.name) ? error.message : (error.stack ?? error.message);
}
