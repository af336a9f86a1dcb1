/**
 * Sends the transcripts in the accounts' outboxes, and tries again what cannot be sent now. The
 * outbox is part of the account's state, so what a stop interrupts is sent after the next start. A
 * mail may come twice when the server stops right after it was sent; then both have the same id.
 */
import type { MailOutcome, TranscriptMail } from '@parley/engine';
import type { Store } from '@parley/store';
import type { LiveAccount } from '../accounts/accounts.js';
import type { Clock } from '../clock/clock.js';
import type { Batch, Subscriber } from '../hub.js';
import { bySystem } from '../accounts/submission.js';
import { readPastChat } from '../accounts/journal-decoding.js';
import { composeTranscript } from './compose.js';
import { type DeliveryResult, type FindHost, sendMail } from './mailer.js';

const MINUTE = 60_000;

/** Pauses before the second, third … try; the last one repeats. */
const PAUSES = [10_000, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE];

/** A mail that could not be sent for so long is given up, ms. */
const GIVE_UP_AFTER = 24 * 60 * MINUTE;

/** Most conversations with mail servers at once. */
const MAX_AT_ONCE = 4;

export interface SenderOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The account if it is loaded. */
  readonly account: (accountId: string) => LiveAccount | undefined;
  /** Where a mail server may be connected to. */
  readonly findHost: FindHost;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Called with what became of each attempt. */
  readonly onTried?: (outcome: DeliveryResult['outcome']) => void;
}

interface Delivery {
  readonly accountId: string;
  readonly mailId: string;
  tries: number;
  /** What became of the mail, as soon as that is known; kept until the account knows it too. */
  outcome: MailOutcome | null;
}

export class TranscriptSender implements Subscriber {
  readonly #options: SenderOptions;
  /** Mails that wait for their turn, are being sent, or wait to be tried again. */
  readonly #deliveries = new Map<string, Delivery>();
  readonly #ready: Delivery[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<() => void>();
  #phase: 'open' | 'closed' = 'open';

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Takes up what is in the outbox of an account that was just loaded. */
  loaded(accountId: string): void {
    const mails = this.#options.account(accountId)?.host.state.outbox ?? [];
    for (const [mailId] of mails) this.#take(accountId, mailId);
  }

  /** Takes up what was just asked for. */
  committed({ accountId, events, topics }: Batch): void {
    if (!topics.has('outbox')) return;
    for (const event of events) {
      if (event.type === 'transcript.requested') this.#take(accountId, event.mailId);
    }
  }

  /**
   * Starts nothing new, and waits for the conversations under way.
   * @param graceMs How long it waits for a mail server that says nothing; that mail is sent again.
   */
  async close(graceMs: number): Promise<void> {
    this.#phase = 'closed';
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.allSettled(this.#running), grace]);
    clearTimeout(timer);
  }

  #take(accountId: string, mailId: string): void {
    const key = `${accountId}/${mailId}`;
    if (this.#deliveries.has(key)) return;
    const delivery: Delivery = { accountId, mailId, tries: 0, outcome: null };
    this.#deliveries.set(key, delivery);
    this.#queue(delivery);
  }

  #queue(delivery: Delivery): void {
    this.#ready.push(delivery);
    this.#next();
  }

  #next(): void {
    if (this.#phase === 'closed' || this.#running.size >= MAX_AT_ONCE) return;
    const delivery = this.#ready.shift();
    if (delivery === undefined) return;
    const run = this.#run(delivery)
      .catch((error) => {
        // An error of one account's is no reason for others' mails to wait, nor for this one to be lost.
        const facts = { account: delivery.accountId, mailId: delivery.mailId, err: error };
        this.#options.log('a transcript could not be looked after', facts);
        this.#later(delivery);
      })
      .finally(() => {
        this.#running.delete(run);
        this.#next();
      });
    this.#running.add(run);
    this.#next();
  }

  async #run(delivery: Delivery): Promise<void> {
    const { accountId, mailId } = delivery;
    const { account: find, clock } = this.#options;
    delivery.tries += 1;
    const account = find(accountId);
    if (account === undefined) return this.#later(delivery);
    // What is left of its time is left, however the clock was set.
    account.host.followClock();
    const mail = account.host.state.outbox.get(mailId);
    if (mail === undefined) return this.#drop(delivery);
    delivery.outcome ??= await this.#try(account, mail, clock.now());
    if (delivery.outcome === null) return this.#later(delivery);
    await this.#settle(account, delivery, delivery.outcome);
  }

  /** What became of the mail; null when it is to be tried again. */
  async #try(account: LiveAccount, mail: TranscriptMail, now: number): Promise<MailOutcome | null> {
    const delivery = await this.#deliver(account, mail);
    this.#options.onTried?.(delivery.outcome);
    if (delivery.outcome === 'accepted') return { became: 'sent' };
    const { outcome, reason } = delivery;
    const facts = { account: account.id, mailId: mail.id, reason };
    this.#options.log('a transcript could not be sent', facts);
    const givenUp = outcome === 'refused' || now >= mail.requestedAt + GIVE_UP_AFTER;
    return givenUp ? { became: 'failed', reason } : null;
  }

  async #deliver(account: LiveAccount, mail: TranscriptMail): Promise<DeliveryResult> {
    const { mail: settings } = account.setup.settings;
    if (settings === null) return { outcome: 'not-now', reason: 'no mail server is configured' };
    try {
      const { journal } = this.#options.store;
      const { events } = await readPastChat(journal, account.id, mail.chatId);
      const [first] = events;
      const { timeZone, language } = account.setup.engine.settings;
      const asked = first?.type === 'chat.requested' ? first.visitor.language : null;
      const style = { timeZone, language: asked ?? language, subject: mail.subject };
      const transcript = await composeTranscript(events, style);
      const { findHost } = this.#options;
      return await sendMail(settings, { ...transcript, to: mail.email, id: mail.id }, findHost);
    } catch (error) {
      const facts = { account: account.id, mailId: mail.id, err: error };
      this.#options.log('a transcript could not be made', facts);
      return { outcome: 'not-now', reason: 'the transcript could not be made' };
    }
  }

  async #settle(account: LiveAccount, delivery: Delivery, outcome: MailOutcome): Promise<void> {
    const { mailId } = delivery;
    try {
      await account.host.execute<'transcript.settle'>(
        bySystem({ type: 'transcript.settle', mailId, outcome }),
      );
      this.#drop(delivery);
    } catch (error) {
      const facts = { account: account.id, mailId, err: error };
      this.#options.log('what became of a transcript could not be kept', facts);
      this.#later(delivery);
    }
  }

  #drop({ accountId, mailId }: Delivery): void {
    this.#deliveries.delete(`${accountId}/${mailId}`);
  }

  #later(delivery: Delivery): void {
    if (this.#phase === 'closed') return;
    const { clock } = this.#options;
    const pause = PAUSES[Math.min(delivery.tries, PAUSES.length) - 1] ?? MINUTE;
    const cancel = clock.after(pause, () => {
      this.#timers.delete(cancel);
      this.#queue(delivery);
    });
    this.#timers.add(cancel);
  }
}
