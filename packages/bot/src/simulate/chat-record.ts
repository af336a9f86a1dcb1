/** What is known of one chat of a simulation: what its visitor read, and what the server was asked for. */
import type { Line } from '@parley/client/visitor';
import { sinceBegin } from './duration.js';

/** Something that happened in a chat; `at` is ms since the simulation began. */
export type Happened =
  | { readonly at: number; readonly what: 'line'; readonly line: Line }
  | { readonly at: number; readonly what: 'whisper'; readonly by: string; readonly text: string }
  | {
      readonly at: number;
      readonly what: 'transfer';
      readonly by: string;
      readonly to: string;
      readonly note: string | null;
    }
  | { readonly at: number; readonly what: 'over'; readonly why: string };

export class ChatRecord {
  readonly visitor: string;
  readonly #happened: Happened[] = [];
  /** Texts that the visitor sent, each as often as it was. */
  readonly sent: string[] = [];

  constructor(visitor: string) {
    this.visitor = visitor;
  }

  /** In the order in which it happened. */
  get happened(): readonly Happened[] {
    return this.#happened;
  }

  add(happened: Happened): void {
    this.#happened.push(happened);
  }

  /** Texts of the lines of one side. */
  texts(source: Line['source']): readonly string[] {
    return this.#happened.flatMap((each) =>
      each.what === 'line' && each.line.source === source ? [each.line.text] : [],
    );
  }

  /** Whether the chat is over. */
  get isOver(): boolean {
    return this.#happened.some(({ what }) => what === 'over');
  }

  /**
   * One line for each thing that happened, with the time since the simulation began; no ids. What was said
   * stands before what else happened at the same moment.
   */
  get transcript(): string {
    const sorted = this.#happened.toSorted((a, b) => a.at - b.at || RANK[a.what] - RANK[b.what]);
    return sorted.map((each) => `${sinceBegin(each.at)} ${written(each)}\n`).join('');
  }
}

/** They are noticed in different ways, so in no order of their own. */
const RANK: Readonly<Record<Happened['what'], number>> = {
  line: 0,
  whisper: 1,
  transfer: 2,
  over: 3,
};

function written(each: Happened): string {
  switch (each.what) {
    case 'line': {
      const { by, source, text } = each.line;
      return `${by || source}: ${text}`;
    }
    case 'whisper':
      return `(${each.by} whispers: ${each.text})`;
    case 'transfer':
      return `(${each.by} hands over to ${each.to}${each.note === null ? '' : `: ${each.note}`})`;
    case 'over':
      return `(${each.why})`;
    default:
      return each satisfies never;
  }
}
