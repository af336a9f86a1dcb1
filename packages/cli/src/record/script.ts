/** A recorded chat as a scenario of `parley simulate`. */
import type { RecordedChat, RecordedEvent } from '@parley/server/administration';
import { Mask } from './mask.js';

/** What visitors and people are called in a recording. */
const VISITOR = 'Alex';
const PERSON = 'Sam';

/** Pauses shorter than this are not worth a line, ms. */
const SHORT_MS = 1_000;

/** Nothing that is longer is waited for: the chat would be over by silence, ms. */
const MAX_PAUSE_MS = 120_000;

/** Skills that an account of the simulator has, besides what a scenario adds. */
const KNOWN_SKILLS: ReadonlySet<string> = new Set(['Sales', 'Support', 'Bot']);

/**
 * @param bot what the script imports as its bot
 * @returns TypeScript
 */
export function scriptOf(chat: RecordedChat, bot: string): string {
  const mask = new Mask([
    ...(chat.visitorName === null ? [] : [{ name: chat.visitorName, instead: VISITOR }]),
    ...chat.people.map((name) => ({ name, instead: PERSON })),
  ]);
  for (const event of chat.events) if (event.what === 'line') mask.learn(event.text);
  const { steps, expected } = played(chat, mask);
  const skills = [...new Set(chat.events.flatMap(skillOf))].filter(
    (name) => !KNOWN_SKILLS.has(name),
  );
  const more =
    skills.length === 0
      ? ''
      : `, skills: { Bot: ['bot1'], ${skills.map((name) => `${json(name)}: ['agent1']`).join(', ')} }`;
  const visitor = {
    name: VISITOR,
    ...(chat.language === null ? {} : { language: chat.language }),
  };
  return `/**
 * A chat as it was${chat.skill === null ? '' : ` (skill ${inComment(chat.skill)})`}, recorded by parley record. Names, addresses, mail, phone, card and order numbers
 * are masked by rules: read it before you give it away.
 */
import { scenario } from '@parley/bot/simulate';
import { bot } from ${json(bot)};

export default scenario({ bot${more} }, async (world) => {
  const visitor = await world.visitor(${json(visitor)});
${steps.map((step) => `  ${step}\n`).join('')}${expected.map((one) => `  ${one}\n`).join('')}  world.expect().noLineTwice().noLineLost();
});
`;
}

/** What the visitor does, and what is expected of the bot. */
function played(chat: RecordedChat, mask: Mask) {
  const steps: string[] = [];
  const expected: string[] = [];
  let at = chat.startedAt;
  /** People answer in their own words, which no scenario can repeat. */
  let withBot = true;
  for (const event of chat.events) {
    switch (event.what) {
      case 'line': {
        if (event.hidden || event.source === 'system') break;
        const text = mask.text(event.text);
        if (event.source === 'visitor') {
          const waited = Math.min(event.at - at, MAX_PAUSE_MS);
          if (waited >= SHORT_MS)
            steps.push(`await visitor.pauses('${Math.round(waited / 1_000)}s');`);
          steps.push(`await visitor.says(${json(text)});`);
          at = event.at;
        } else if (event.byBot && withBot) {
          steps.push('await visitor.hears();');
          expected.push(`visitor.expect().agentSaid(${json(text)});`);
          at = event.at;
        }
        break;
      }
      case 'transfer':
        if (event.byBot && event.skill !== null) {
          steps.push("await world.pass('30s');");
          expected.push(`visitor.expect().handedOverTo(${json(event.skill)});`);
          at = event.at;
        }
        withBot = false;
        break;
      case 'end':
        if (event.by === 'visitor') steps.push('await visitor.ends();');
        break;
      default:
        event satisfies never;
    }
  }
  return { steps, expected };
}

function skillOf(event: RecordedEvent): readonly string[] {
  return event.what === 'transfer' && event.skill !== null ? [event.skill] : [];
}

/** As a literal that no reader takes for more than text. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/[\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function inComment(text: string): string {
  return text.replace(/[*/\r\n\u2028\u2029]/g, ' ');
}
