/**
 * Passwords: Argon2id with 19 MiB and 2 passes, computed off the event loop, a bounded number at a
 * time, so that a flood of logins neither stops the chats nor fills the memory.
 */
import { hash, verify } from '@node-rs/argon2';

const OPTIONS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** Hashes computed at once; more would only queue up in the thread pool. */
const AT_ONCE = 2;
/** Waiting beyond which new ones are refused. */
const MOST_WAITING = 200;

/** Too many logins wait already: answered as throttled. */
export class PasswordQueueFull extends Error {
  constructor() {
    super(`more than ${MOST_WAITING} logins wait to be checked`);
    this.name = 'PasswordQueueFull';
  }
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new PasswordQueueFull();
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** The encoded hash to keep. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, OPTIONS));
}

let dummy: Promise<string> | null = null;

/**
 * Whether the password is right. Takes the same time when there is no hash to compare with, so that
 * an unknown user cannot be told from a wrong password.
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  dummy ??= hashPassword('no user has this password');
  const against = passwordHash ?? (await dummy);
  const right = await inTurn(() => verify(against, password));
  return right && passwordHash !== null;
}

/** Passwords that are tried first by whoever guesses; compared in lower case. */
const COMMON: ReadonlySet<string> = new Set([
  '12345678',
  '123456789',
  '1234567890',
  'password',
  'password1',
  'password123',
  'passw0rd',
  'qwertyuiop',
  'qwerty123',
  '1q2w3e4r',
  '1qaz2wsx',
  'iloveyou',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'trustno1',
  'letmein1',
  'welcome1',
  'admin123',
  'administrator',
  'changeme',
  'abcd1234',
  '11111111',
  '00000000',
  '87654321',
  'asdfghjk',
]);

const SHORTEST = 8;
const LONGEST = 256;

/** What is wrong with a new password, as a sentence; null when it will do. */
export function passwordProblem(password: string, loginName: string): string | null {
  if (password.length < SHORTEST) {
    return `The password has ${password.length} characters; it needs at least ${SHORTEST}.`;
  }
  if (password.length > LONGEST) {
    return `The password has ${password.length} characters; it may have at most ${LONGEST}.`;
  }
  if (COMMON.has(password.toLowerCase())) {
    return 'The password is one of those that are guessed first; choose another.';
  }
  if (password.toLowerCase() === loginName.toLowerCase()) {
    return 'The password is the login name; choose another.';
  }
  return null;
}
