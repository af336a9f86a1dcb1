import type { ChatEvent } from '@parley/client/agent';
import { describe, expect, it } from 'vitest';
import {
  AMBER_MS,
  blocksOf,
  byNeed,
  nextNeeding,
  RED_MS,
  unansweredSince,
  unreadOf,
  urgencyOf,
} from '../src/state/chats.js';
import { Drafts } from '../src/state/drafts.js';
import type { ChatEntry } from '../src/state/model.js';

const START = Date.parse('2026-11-26T09:00:00Z');

/** `V` the visitor, `A` the agent, `N` a note, `S` the system: one letter a line, a minute between. */
function events(script: string, minutes = 1): ChatEvent[] {
  return [...script].map((letter, id) => ({
    id,
    type: 'line' as const,
    time: new Date(START + id * minutes * 60_000).toISOString(),
    textType: 'plain' as const,
    text: `line ${id}`,
    by: { V: 'Vera', A: 'Anna', N: 'Anna', S: 'info' }[letter] ?? '?',
    source:
      letter === 'V'
        ? ('visitor' as const)
        : letter === 'S'
          ? ('system' as const)
          : ('agent' as const),
    subType: letter === 'N' ? ('ONLY_TO_REP' as const) : ('REGULAR' as const),
  }));
}

function chat(id: string, script: string, more: Partial<ChatEntry> = {}): ChatEntry {
  const all = events(script);
  const entry = { id, events: all, length: all.length, readTo: -1, over: null, since: START };
  return { ...entry, ...more } as ChatEntry;
}

const chats = (...list: ChatEntry[]) => Object.fromEntries(list.map((each) => [each.id, each]));

describe('what chats need', () => {
  it('[DESK2] a visitor waits since the first line that nobody answered; notes are no answers', () => {
    expect(unansweredSince(chat('a', 'SVAVNV'))).toBe(START + 3 * 60_000);
    expect(unansweredSince(chat('a', 'VVA'))).toBeNull();
    expect(unansweredSince(chat('a', 'S'))).toBeNull();
  });

  it('[DESK2] unanswered first, the longest wait above, then waiting ones, then those that are over', () => {
    const all = chats(
      chat('over', 'V', { over: 'ended' }),
      chat('answered', 'VA'),
      chat('late', 'SSV'),
      chat('early', 'V'),
    );
    expect(byNeed(all)).toEqual(['early', 'late', 'answered', 'over']);
    expect(nextNeeding(all, 'early', 1)).toBe('late');
    expect(nextNeeding(all, 'late', 1)).toBe('early');
    expect(nextNeeding(all, null, -1)).toBe('late');
    expect(nextNeeding(chats(chat('one', 'V')), 'one', 1)).toBeNull();
  });

  it('[DESK2] urgency begins at 45 and 90 seconds', () => {
    expect(urgencyOf(null, START)).toBe('none');
    expect(urgencyOf(START, START + AMBER_MS - 1)).toBe('none');
    expect(urgencyOf(START, START + AMBER_MS)).toBe('amber');
    expect(urgencyOf(START, START + RED_MS)).toBe('red');
  });

  it('[DESK2] unread are the visitor’s lines beyond the last one seen', () => {
    expect(unreadOf(chat('a', 'VAVSV', { readTo: 1 }))).toBe(2);
    expect(unreadOf(chat('a', 'VV', { readTo: 1 }))).toBe(0);
    expect(unreadOf(chat('a', 'V'.repeat(200)))).toBe(100);
  });
});

describe('transcripts', () => {
  it('[DESK3] lines of one speaker within three minutes stand together, notes apart from replies', () => {
    const kinds = blocksOf(events('SVVAN')).map((block) =>
      block.kind === 'group'
        ? `${block.by}${block.note ? ' note' : ''} ${block.lines.length}`
        : block.kind,
    );
    expect(kinds).toEqual(['system', 'Vera 2', 'Anna 1', 'Anna note 1']);
    expect(blocksOf(events('VV', 4))).toHaveLength(2);
  });
});

describe('drafts', () => {
  it('[DESK4] belong to one chat and one mode, and outlive the page', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    } as unknown as Storage;
    const drafts = new Drafts(storage);
    drafts.set('a', 'reply', 'for the visitor');
    drafts.set('a', 'note', 'for agents');
    expect(new Drafts(storage).get('a', 'reply')).toBe('for the visitor');
    expect(new Drafts(storage).get('a', 'note')).toBe('for agents');
    expect(new Drafts(storage).get('b', 'reply')).toBe('');
    drafts.drop('a');
    expect(kept.size).toBe(0);
  });
});
