/** Requests that come again in a story: each must be answered as it was, and do nothing more. */
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  type CommandType,
  type Envelope,
  type Outcome,
  RETRY_LIFE_MS,
  type Replies,
  type RetryCaller,
} from '@parley/engine';
import { requireThat, requireEqual } from './must.js';

interface Answered {
  readonly body: string;
  readonly reply: Replies[CommandType];
  readonly chatId: string | null;
  readonly caller: RetryCaller;
  readonly inFeed: boolean;
  at: number;
}

/** Begins of prints are of the length that prints have. */
const print = (text: string) => text.padEnd(22, '.').slice(0, 22);

export class RetryBooks {
  readonly #answered = new Map<string, Answered>();
  readonly #numbers = new Map<string, number>();
  /** The last requests with a key that were answered, the newest first. */
  #recent: Envelope[] = [];
  /** How often a request came again, and how often a key with another body. */
  readonly met = { repeated: 0, reused: 0 };

  /** The envelope with a key, for commands that requests bring; drawn from few, so that they meet again. */
  keyed(envelope: Envelope, key: number | undefined): Envelope {
    const { command, actor } = envelope;
    if (key === undefined || !KEYED.has(command.type)) return envelope;
    const chatId = chatOf(command);
    const caller = principalOf(envelope, chatId);
    const place = `${command.type} ${chatId} ${JSON.stringify([actor, caller])} ${key}`;
    return {
      ...envelope,
      idempotency: {
        key: this.#print('k', place),
        body: this.#print('b', JSON.stringify(command)),
        caller,
      },
    };
  }

  recent(pick: number): Envelope | undefined {
    return this.#recent[pick];
  }

  /** Compares what became of a command with what it must be. */
  check(envelope: Envelope, outcome: Outcome<Replies[CommandType]>, state: AccountState): void {
    const gone = outcome.events.flatMap((event) =>
      event.type === 'chats.forgotten' ? event.chatIds : [],
    );
    const wasThere = (chatId: string) => state.chats.has(chatId) && !gone.includes(chatId);
    const { command, idempotency, now } = envelope;
    for (const event of outcome.events) if (event.type === 'clock.moved') this.#move(event);
    if (idempotency === undefined) return;
    const { key, body, caller } = idempotency;
    const before = this.#answered.get(key);
    const isKnown = before !== undefined && this.#isKept(before, now, wasThere);
    if (!isKnown) {
      requireThat(!('replayed' in outcome), `${command.type} comes for the first time`);
      if ('rejection' in outcome) return;
      this.#recent = [envelope, ...this.#recent].slice(0, 5);
      const chatId = chatOf(command);
      const inFeed = command.type === 'chat.addLine' || command.type === 'chat.end';
      const { reply } = outcome;
      this.#answered.set(key, { body, reply, chatId, caller, inFeed, at: now });
      return;
    }
    if (before.body !== body) {
      this.met.reused += 1;
      requireEqual(outcome, { ...outcome, rejection: { rejected: 'key-reused' } }, 'another body');
      return;
    }
    this.met.repeated += 1;
    requireThat('replayed' in outcome && outcome.replayed === true, `${command.type} came before`);
    requireEqual('reply' in outcome && outcome.reply, before.reply, 'the first answer comes again');
    requireThat(state.retries.records.size <= this.#answered.size, 'no record is of nothing');
  }

  #isKept(answered: Answered, now: number, isThere: (chatId: string) => boolean): boolean {
    const { chatId, caller, inFeed, at } = answered;
    if (inFeed) return isThere(chatId ?? '');
    if (typeof caller === 'string' && !isThere(caller)) return false;
    return now < at + RETRY_LIFE_MS;
  }

  #move({ by }: Extract<AccountEvent, { type: 'clock.moved' }>): void {
    for (const answered of this.#answered.values()) answered.at += by;
  }

  #print(begin: string, text: string): string {
    const number = this.#numbers.get(begin + text) ?? this.#numbers.size;
    this.#numbers.set(begin + text, number);
    return print(`${begin}${number}`);
  }
}

/** A session that is opened again gets another cookie: that is all that a repeated request may bring. */
export function withoutRenewals(events: readonly AccountEvent[]): readonly AccountEvent[] {
  return events.filter(({ type }) => type !== 'session.cookieRenewed');
}

const KEYED: ReadonlySet<CommandType> = new Set<CommandType>([
  'session.open',
  'session.accept',
  'chat.request',
  'chat.addLine',
  'chat.end',
  'chat.close',
  'chat.invite',
  'chat.watch',
  'chat.takeOver',
  'chat.read',
  'chat.transfer',
  'chat.answerSurvey',
  'offline.leaveSurvey',
  'transcript.request',
]);

function chatOf(command: AccountCommand): string | null {
  return 'chatId' in command ? command.chatId : null;
}

function principalOf({ actor }: Envelope, chatId: string | null): RetryCaller {
  return actor.by === 'user' ? actor.userId : chatId;
}
