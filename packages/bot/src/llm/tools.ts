/** What a model can do besides talking: only what is given to it, and only in the chat at hand. */
import type { BotContext } from '../context.js';
import type { HandOver } from '../hand-over.js';

export interface LlmTool {
  /** For the model: what it does, and when to use it. */
  readonly description: string;
  /** JSON Schema of its arguments; none by default. They are the model's: check them. */
  readonly parameters?: object;
  /** Whether the bot is done with the line after it. */
  readonly last?: boolean;
  /** @returns what the model reads of it, as JSON. An error's message is given to the model. */
  run(args: Readonly<Record<string, unknown>>, ctx: BotContext<unknown>): Promise<unknown>;
}

/** Longest note that a model may write. */
const MAX_NOTE = 1_000;

/** Gives the chat to a person, with a note of the model. */
export function handOverTool(skill?: string): LlmTool {
  return {
    description:
      'Hands the chat over to a person. Use it when the visitor asks for one, or when you are unsure.',
    parameters: {
      type: 'object',
      properties: { note: { type: 'string', description: 'What the person should know.' } },
    },
    last: true,
    async run({ note }, ctx) {
      const to: HandOver = {
        ...(skill === undefined ? {} : { skill }),
        ...(typeof note === 'string' ? { note: note.slice(0, MAX_NOTE) } : {}),
      };
      return { handedOver: await ctx.handOver(to) };
    },
  };
}

/** Ends the chat. */
export function endTool(): LlmTool {
  return {
    description: 'Ends the chat. Use it only when the visitor has said goodbye.',
    last: true,
    run: async (_, ctx) => ({ ended: await ctx.end() }),
  };
}
