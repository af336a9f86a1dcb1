/** Many visitors who come by chance, over hours. */
import type { ChatRecord } from './chat-record.js';
import { longestWait } from './expectations.js';
import { type Duration, milliseconds } from './duration.js';
import type { SimulatedVisitor, VisitorOptions } from './visitor.js';

/** How a day goes. */
export interface DayOptions {
  /** How many visitors come. */
  readonly chats: number;
  /** Over which time; 24 h by default. Most come in the middle of it. */
  readonly within?: Duration;
  /** What visitors say, drawn by chance; by default questions that shops are asked. */
  readonly lines?: readonly string[];
  /** Who comes; by default visitors with a number for a name, of the world's skill. */
  readonly visitor?: (number: number, random: () => number) => VisitorOptions;
  /** What a visitor does, in place of saying a few lines. It is over when this settles. */
  readonly behave?: (visitor: SimulatedVisitor, random: () => number) => Promise<void>;
}

/** What came of it. */
export interface DayReport {
  readonly chats: number;
  /** Visitors who got no chat: nobody was there. */
  readonly refused: number;
  /** Lines of visitors, and of bots and people. */
  readonly lines: number;
  readonly answers: number;
  readonly handedOver: number;
  /** Ms of virtual time that somebody waited for an answer, at most. */
  readonly longestWait: number;
  /** Ms of real time that it took. */
  readonly took: number;
}

const LINES = [
  'Where is my order?',
  'How long does delivery take?',
  'Can I send something back?',
  'Do you have this in blue?',
  'What does shipping cost?',
  'I would like to speak to a person, please.',
  'My parcel arrived broken.',
  'Thanks!',
] as const;

/** When each visitor comes, ms after the beginning, in order. */
export function arrivals({ chats, within = '24h' }: DayOptions, random: () => number): number[] {
  const ms = milliseconds(within);
  // The mean of two chances: few come early and late.
  const at = Array.from({ length: chats }, () => ((random() + random()) / 2) * ms);
  return at.sort((a, b) => a - b);
}

/** Says one to four lines, waits for answers and reads them, and ends, or just leaves. */
export async function ordinary(
  visitor: SimulatedVisitor,
  random: () => number,
  lines: readonly string[] = LINES,
): Promise<void> {
  const count = 1 + Math.floor(random() * 4);
  for (let index = 0; index < count; index += 1) {
    await visitor.pauses(2_000 + random() * 20_000);
    const line = lines[Math.floor(random() * lines.length)] ?? '';
    if (!(await visitor.says(line))) return;
    if ((await visitor.hears('3m')) === null) break;
  }
  await visitor.pauses(1_000 + random() * 10_000);
  if (random() < 0.1) visitor.leaves();
  else await visitor.ends();
}

export function report(
  chats: readonly ChatRecord[],
  { now, refused, took }: { readonly now: number; readonly refused: number; readonly took: number },
): DayReport {
  const sum = (of: (chat: ChatRecord) => number) => chats.reduce((all, chat) => all + of(chat), 0);
  return {
    chats: chats.length,
    refused,
    lines: sum((chat) => chat.texts('visitor').length),
    answers: sum((chat) => chat.texts('agent').length),
    handedOver: sum((chat) => (chat.happened.some(({ what }) => what === 'transfer') ? 1 : 0)),
    longestWait: Math.max(0, ...chats.map((chat) => longestWait(chat, now).waited)),
    took,
  };
}
