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

/** Suggests to the chat's agent what to say, for bots at the agent's side. */
export function suggestTool(): LlmTool {
  return {
    description:
      'Suggests to the agent what to say to the visitor, who does not see it. The agent decides.',
    parameters: {
      type: 'object',
      properties: {
        text: { type: 'string', description: 'What the agent could say, word for word.' },
        confidence: { type: 'number', description: 'How sure you are, 0 to 1.' },
      },
      required: ['text'],
    },
    async run({ text, confidence }, ctx) {
      if (typeof text !== 'string' || text.trim() === '')
        throw new Error('text must not be empty.');
      const isShare = typeof confidence === 'number' && confidence >= 0 && confidence <= 1;
      return { suggestion: await ctx.suggest(text.trim(), isShare ? { confidence } : {}) };
    },
  };
}
