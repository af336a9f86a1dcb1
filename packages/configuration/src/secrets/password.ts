/**
 * Passwords: Argon2id with 19 MiB and 2 passes, computed off the event loop, a bounded number at a
 * time, so that a flood of logins neither stops the chats nor fills the memory.
 */
import { hash, verify } from '@node-rs/argon2';
import { loginNameKey } from '../records/names.js';
import { FairQueue } from './fair-queue.js';
import { guessableParts } from './password-strength.js';

const OPTIONS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** Hashes computed at once; more would only queue up in the thread pool. */
const AT_ONCE = 2;
/** Waiting beyond which some are refused. */
export const MAX_WAITING = 500;

/** Whose new passwords are hashed: they proved who they are. */
const OWN_LANE = '';

const queue = new FairQueue(AT_ONCE, MAX_WAITING);

/**
 * The encoded hash to keep.
 * @throws QueueFull when too many passwords wait already
 */
export function hashPassword(password: string): Promise<string> {
  return queue.run(OWN_LANE, () => hash(composed(password), OPTIONS));
}

/** Systems compose what is typed differently: `é` is one character here and two there. */
function composed(password: string): string {
  return password.normalize('NFC');
}

/**
 * Compared with when there is no hash: of the same cost as real ones, and of a random text that
 * nobody kept.
 */
export const HASH_OF_NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$jGkzgrEwBtA6Y34wi9msJg$kSKRCBTFisNTBLyCkvXjP3wOQPh908uHrmYwagO8WQ4';

/**
 * Whether the password is right. Takes the same time when there is no hash to compare with, so that
 * an unknown user cannot be distinguished from a wrong password.
 * @param lane where the password comes from: those who wait are served by turns of that
 * @param begin called when it is this one's turn; what it throws is thrown instead of checking
 * @throws QueueFull when too many wait already
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
  lane = OWN_LANE,
  authorize: () => Promise<void> = async () => {},
): Promise<boolean> {
  const right = await queue.run(lane, async () => {
    await authorize();
    const against = passwordHash ?? HASH_OF_NOBODY;
    if (await verify(against, composed(password))) return true;
    // Hashes from before passwords were composed are of what was typed.
    return composed(password) !== password && verify(against, password);
  });
  return right && passwordHash !== null;
}

const SHORTEST = 8;
const LONGEST = 256;
/** Fewer different characters than this make a long password a short one. */
const FEWEST_DIFFERENT = 4;

/**
 * What is wrong with a new password, as a sentence; null when it will do. It repeats nothing of it.
 * @param accountId of the user's account: whoever guesses knows it
 */
export async function passwordProblem(
  password: string,
  loginName: string,
  accountId: string,
): Promise<string | null> {
  const characters = [...password];
  if (characters.length < SHORTEST) {
    return `The password has ${characters.length} characters; it needs at least ${SHORTEST}.`;
  }
  if (characters.length > LONGEST) {
    return `The password has ${characters.length} characters; it may have at most ${LONGEST}.`;
  }
  if (new Set(characters).size < FEWEST_DIFFERENT) {
    return `The password repeats fewer than ${FEWEST_DIFFERENT} different characters; choose another.`;
  }
  if (loginNameKey(password) === loginNameKey(loginName)) {
    return 'The password is the login name; choose another.';
  }
  const parts = await guessableParts(password, [loginName, accountId]);
  if (parts === null) return null;
  const made = parts.length === 0 ? '' : ` (it is made of ${parts.join(' and ')})`;
  return `The password is one of those that are guessed first${made}: choose a longer one, such as four words that have nothing to do with each other.`;
}
