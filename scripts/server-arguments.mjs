import { join } from 'node:path';

/**
 * The arguments of `parley` for `npm start`. The demo's data stays in the clone unless the caller
 * said where it goes.
 * @param {string[]} given what stood after `--`
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root the clone's folder
 * @returns {string[]}
 */
export function serverArguments(given, env, root) {
  const placed =
    Boolean(env.PARLEY_DATA_DIR) ||
    given.some((word) => word === '--data-dir' || word.startsWith('--data-dir='));
  const place = placed ? [] : ['--data-dir', join(root, '.parley-data')];
  // The demo is what `npm start` is for; --no-demo and PARLEY_DEMO=0 leave it out.
  const demo = env.PARLEY_DEMO === undefined ? ['--demo'] : [];
  return ['serve'].concat(demo, place, given);
}
