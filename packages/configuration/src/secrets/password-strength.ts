/**
 * Whether a new password is one of those that are guessed first: common ones, and what people make
 * of them (`P@ssw0rd1`, `Summer2025`). Judged by zxcvbn-ts with its list of common passwords. Each
 * look takes a few milliseconds at most, because only the ends of long passwords are looked at.
 */
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Guesses that a password must stand: as many as eight random characters do by its reckoning. */
const ENOUGH_GUESSES = 1e8;

/** Characters of each end that are looked at; the time grows with their number. */
const LOOKED_AT = 20;

/** Substitutions of letters by what looks like them that are tried; the time grows with these too. */
const MAX_SUBSTITUTIONS = 10;

/** Words of this trade, and of languages that the list has little of. */
const MORE_WORDS = [
  ...['livechat', 'callcenter', 'chatchat', 'helpdesk', 'customer', 'service', 'kundenservice'],
  ...['contraseña', 'motdepasse', 'wachtwoord', 'passwort', 'parola', 'senha', 'hasło', 'lösenord'],
];

/** What is found in passwords, in words that fit after "it is made of". */
const PARTS: Readonly<Record<string, string>> = {
  dictionary: 'common passwords or words',
  own: 'names of the user or the account',
  spatial: 'rows of keys',
  repeat: 'repetitions',
  sequence: 'sequences',
  date: 'dates',
  regex: 'years',
};

let loading: Promise<ZxcvbnFactory> | undefined;

/** Reads the lists, which takes a moment: a server does so before it serves. */
export async function loadPasswordStrength(): Promise<void> {
  await checker();
}

function checker(): Promise<ZxcvbnFactory> {
  loading ??= load();
  return loading;
}

/** Loaded only when a password is set: commands that set none need no lists. */
async function load(): Promise<ZxcvbnFactory> {
  const [core, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const found = new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, more: MORE_WORDS },
    graphs: common.adjacencyGraphs,
    l33tMaxSubstitutions: MAX_SUBSTITUTIONS,
    maxLength: LOOKED_AT,
  });
  // The first look makes the indexes.
  found.check('first look');
  return found;
}

/**
 * What a password is made of when it would be guessed soon; null when it would not.
 * @param own names that whoever guesses knows: the user's, the account's
 */
export async function guessableParts(
  password: string,
  own: readonly string[],
): Promise<readonly string[] | null> {
  const zxcvbn = await checker();
  const text = password.normalize('NFKC');
  // A long one is as good as the better of its ends.
  const ends = text.length > LOOKED_AT ? [text, text.slice(-LOOKED_AT)] : [text];
  const looks = ends.map((end) => zxcvbn.check(end, [...own]));
  if (looks.some(({ guesses }) => guesses >= ENOUGH_GUESSES)) return null;
  const parts = looks.flatMap(({ sequence }) =>
    sequence.flatMap((match) => {
      const isOwn = match['dictionaryName'] === 'userInputs';
      return PARTS[isOwn ? 'own' : match.pattern] ?? [];
    }),
  );
  return [...new Set(parts)];
}
