/** A simulation as a file of its own, which `parley simulate` runs. */
import { simulate, type SimulateOptions, type World } from './world.js';

export interface Scenario {
  /** Runs it once. @param more in place of its own options */
  run(more?: SimulateOptions): Promise<void>;
}

/**
 * A scenario, as the default export of its file.
 * @example
 * export default scenario({ bot }, async (world) => {
 *   const ann = await world.visitor({ name: 'Ann' });
 *   await ann.says('Where is order 17?');
 * });
 */
export function scenario(
  options: SimulateOptions,
  play: (world: World) => Promise<void>,
): Scenario {
  return {
    async run(more = {}) {
      const world = await simulate({ ...options, ...more });
      try {
        await play(world);
      } finally {
        await world.stop();
      }
    },
  };
}
