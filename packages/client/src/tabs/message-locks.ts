/**
 * Locks for pages that have no Web Locks: those that came by plain HTTP from another machine. Tabs agree by
 * messages (BroadcastChannel), and leave a note in `localStorage` while they hold a lock.
 *
 * 1. A tab that wants a lock says so. The one that has it objects, and so does one that has wanted it for
 *    longer; without an objection within `APPLY_MS` the tab has it.
 * 2. A tab that waits asks again about every second. It is asked by a message, since browsers slow down the
 *    timers of tabs in the background, but not messages: a tab nobody looks at keeps its lock.
 * 3. Where a lock was held (a note or an earlier answer says so), `SILENT` questions in a row must go unanswered
 *    before it is taken: a busy page answers late, a killed or stopped one never.
 * 4. A tab that is closed, put aside or about to be frozen gives its locks up first, so that others need not wait.
 * 5. Each holder has a greater term than the one before. Of two that both believe to hold a lock (one was stopped
 *    and goes on) the one with the smaller term loses it as soon as it hears of the other, which it does at
 *    its next message or beat.
 */
import type { Hold } from './hold.js';
import type { WebStorage } from './storage.js';

/** How long others may take to object, ms. */
const APPLY_MS = 150;
/** How often a tab that waits, or holds a lock, is heard of, ms. */
const BEAT_MS = 1_000;
/** So many questions without an answer say that the one that held the lock has gone. */
const SILENT = 12;
/** How long members may take to answer, ms. */
const ANSWER_MS = 2_000;

/** From a tab that wants a lock (since when, epoch ms), has it (with which term), or gives it up. */
interface Said {
  readonly from: string;
  readonly want?: number;
  readonly have?: number;
}

/** A BroadcastChannel. */
interface Channel<T> {
  onmessage: ((event: { readonly data: T }) => void) | null;
  postMessage(message: T): void;
  close(): void;
}

const channelOf = <T>(name: string) => new BroadcastChannel(name) as unknown as Channel<T>;

/** What of a page is needed: what it is told before it stops. */
type Page = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** Before a page is frozen, put aside for the way back, or closed. Some are the document's, and heard of on their way there. */
const STOPS = ['freeze', 'pagehide'];
/** When it goes on. */
const GOES_ON = ['resume', 'pageshow'];

/** What tabs without Web Locks have in their place. */
export interface MessageLocks {
  readonly hold: Hold;
  /** Counts among the members of a name until the signal is aborted. */
  enter(name: string, signal: AbortSignal): void;
  members(name: string): Promise<number>;
}

/** Locks of the page; null where the browser keeps `localStorage` from it, as in a sandbox. */
export function messageLocks(): MessageLocks | null {
  try {
    const page = globalThis as unknown as Page & { readonly localStorage: WebStorage };
    // Undefined in Node.
    return page.localStorage.length < 0 ? null : locksBy(page.localStorage, page);
  } catch {
    return null;
  }
}

/** For tests: with notes and a page of their own. */
export function locksBy(notes: WebStorage, page: Page): MessageLocks {
  return {
    hold: (name, act, signal) => hold(notes, page, name, act, signal),
    enter: (name, signal) => enter(notes, page, name, signal),
    members: (name) => members(notes, name),
  };
}

async function hold<T>(
  notes: WebStorage,
  page: Page,
  name: string,
  act: (stop?: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const channel = channelOf<Said>(`${name}:lock`);
  const from = newId();
  const note = noteOf(name);
  let since = Date.now();
  let term = 0;
  let had: AbortController | null = null;
  let silent = 0;
  let isHeld = false;
  let hasElder = false;
  let isAsking = false;
  let wake = () => {};

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const isOver = () => signal?.aborted === true;
  const want = () => channel.postMessage({ from, want: since });
  const have = () => channel.postMessage({ from, have: term });

  channel.onmessage = ({ data }) => {
    const { from: other, want: theirs, have: their } = data;
    if (theirs !== undefined) {
      if (had !== null) have();
      else if (since < theirs || (since === theirs && from < other)) {
        want();
        // It looks itself whether the lock is free: its timers may be slow.
        if (!isAsking) wake();
      } else hasElder = true;
    } else if (their !== undefined) {
      if (had === null) {
        isHeld = true;
        silent = 0;
        term = Math.max(term, their);
      } else if (their > term || (their === term && other > from)) {
        term = their;
        had.abort(new Error('Another tab has the lock.'));
      } else have();
    } else {
      isHeld = false;
      silent = SILENT;
      if (!isAsking) wake();
    }
  };

  const win = async () => {
    const noted = noteIn(notes, note);
    if (noted !== null) isHeld = true;
    term = Math.max(term, noted ?? 0);
    silent = 0;
    for (;;) {
      signal?.throwIfAborted();
      const before = silent;
      silent += 1;
      hasElder = false;
      isAsking = true;
      want();
      await pause(APPLY_MS);
      isAsking = false;
      if (silent <= before) await pause(BEAT_MS * (1 + Math.random() / 2));
      else if (!hasElder && silent >= (isHeld ? SILENT : 1)) break;
    }
    signal?.throwIfAborted();
  };

  /** Gives the lock up. */
  const free = () => {
    if (noteIn(notes, note) === term) notes.removeItem(note);
    channel.postMessage({ from });
  };
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    if (had === null) return;
    had.abort(new Error('The page stops.'));
    free();
  };
  const goOn = () => {
    isStopped = false;
    wake();
  };
  const end = () => wake();
  signal?.addEventListener('abort', end);
  for (const event of STOPS) page.addEventListener(event, stop, true);
  for (const event of GOES_ON) page.addEventListener(event, goOn, true);
  try {
    for (;;) {
      await win();
      const lost = new AbortController();
      term += 1;
      had = lost;
      keep(notes, note, term);
      have();
      const beat = setInterval(have, BEAT_MS);
      try {
        return await act(
          signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]),
        );
      } catch (error) {
        if (!lost.signal.aborted || isOver()) throw error;
      } finally {
        clearInterval(beat);
        had = null;
        if (!lost.signal.aborted) free();
      }
      // Who waited meanwhile is first.
      since = Number.POSITIVE_INFINITY;
      isHeld = false;
      do await pause(BEAT_MS);
      while (isStopped && !isOver());
      since = Date.now();
    }
  } finally {
    signal?.removeEventListener('abort', end);
    for (const event of STOPS) page.removeEventListener(event, stop, true);
    for (const event of GOES_ON) page.removeEventListener(event, goOn, true);
    channel.close();
  }
}

/** To members: who is there? And the answer, by the note of each. */
type Roll = 'who' | { readonly note: string };

function enter(notes: WebStorage, page: Page, name: string, signal: AbortSignal): void {
  if (signal.aborted) return;
  const channel = channelOf<Roll>(name);
  const note = `${noteOf(name)}:${newId()}`;
  const come = () => keep(notes, note, 1);
  const go = () => notes.removeItem(note);
  channel.onmessage = ({ data }) => {
    if (data !== 'who') return;
    // Somebody may have waited in vain for an answer, and taken the note away.
    come();
    channel.postMessage({ note });
  };
  come();
  page.addEventListener('pagehide', go);
  for (const event of GOES_ON) page.addEventListener(event, come, true);
  signal.addEventListener('abort', () => {
    page.removeEventListener('pagehide', go);
    for (const event of GOES_ON) page.removeEventListener(event, come, true);
    channel.close();
    go();
  });
}

/** Where no note is, nobody is waited for. */
async function members(notes: WebStorage, name: string): Promise<number> {
  const prefix = noteOf(name);
  const keys = Array.from({ length: notes.length }, (_, index) => notes.key(index) ?? '');
  const left = new Set(keys.filter((key) => key.startsWith(prefix)));
  const noted = left.size;
  if (noted === 0) return 0;
  const channel = channelOf<Roll>(name);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ANSWER_MS);
    channel.onmessage = ({ data }) => {
      if (data === 'who') return;
      left.delete(data.note);
      if (left.size > 0) return;
      clearTimeout(timer);
      resolve();
    };
    channel.postMessage('who');
  });
  channel.close();
  // Of tabs that were killed.
  for (const note of left) notes.removeItem(note);
  return noted - left.size;
}

/** Which request it is. By no module that others load: what few pages need is one file to load. */
const newId = () => crypto.getRandomValues(new Uint32Array(3)).join('-');

/** Names say whose session it is, and notes of tabs that were killed stay: they carry a number in its place. */
function noteOf(name: string): string {
  let hash = 0;
  for (const each of name) hash = (Math.imul(hash, 31) + (each.codePointAt(0) ?? 0)) >>> 0;
  return `parley:tab:${hash.toString(36)}`;
}

function noteIn(notes: WebStorage, key: string): number | null {
  const note = notes.getItem(key);
  return note === null ? null : Number(note);
}

/** A storage that is full keeps nothing: then an answer alone says who is there. */
function keep(notes: WebStorage, key: string, value: number): void {
  try {
    notes.setItem(key, String(value));
  } catch {}
}
