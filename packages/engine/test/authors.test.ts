/** Who wrote what: kept by id, whatever people are called later. */
import { describe, expect, it } from 'vitest';
import {
  authorOfLine,
  decode,
  type FeedEntry,
  initialState,
  type LineEntry,
  replay,
  takeSnapshot,
} from '@parley/engine';
import { AMY, BEN, SALES } from './account.js';
import { restored } from './restored.js';
import { VISITOR, Fixture } from './fixture.js';

const isLine = (entry: FeedEntry): entry is LineEntry => entry.type === 'line';

/** Each line with its author, those of the welcome and the like left out. */
function authors(fixture: Fixture, chatId: string): (readonly [string, unknown])[] {
  return fixture
    .chat(chatId)
    .feed.filter(isLine)
    .filter(({ systemMessageId }) => systemMessageId === undefined)
    .map((line) => [line.text, authorOfLine(line)]);
}

describe('lines', () => {
  it('[LINE10] keep who wrote them, whatever people are called later, also over a restart', () => {
    const fixture = new Fixture();
    fixture.open(AMY, BEN);
    const chat = fixture.chatWith(AMY, { preChatLines: ['topic: shoes'] });
    fixture.line(chat, VISITOR, 'hi');
    fixture.line(chat, fixture.as(AMY), 'hello');
    fixture.line(chat, fixture.as(AMY), 'a note', { subType: 'ONLY_TO_REP' });
    fixture.reconfigure(AMY, { nickname: 'Amelia' });
    fixture.login(AMY);
    fixture.line(chat, fixture.as(AMY), 'still me');
    fixture.transfer(chat, AMY, { skillId: SALES }, 'for you');
    fixture.accept(BEN);
    fixture.line(chat, fixture.as(BEN), 'now me');
    const written = [
      ['topic: shoes', 'visitor'],
      ['hi', 'visitor'],
      ['hello', AMY],
      ['a note', AMY],
      ['still me', AMY],
      ['for you', AMY],
      ['now me', BEN],
    ];
    expect(authors(fixture, chat)).toEqual(written);
    const lines = fixture.chat(chat).feed.filter(isLine);
    const bySystem = lines.filter(({ systemMessageId }) => systemMessageId !== undefined);
    expect(bySystem.length).toBeGreaterThan(3);
    expect(bySystem.map(authorOfLine)).toEqual(bySystem.map(() => 'system'));

    const fromJournal = initialState();
    const texts = fixture.journal.map(({ event, at }) => [event.type, JSON.stringify(event), at]);
    replay(
      fromJournal,
      texts.map(([type, json, at]) => ({
        event: decode(String(type), 1, String(json)),
        at: Number(at),
      })),
    );
    expect(takeSnapshot(fromJournal)).toEqual(takeSnapshot(fixture.state));
    fixture.state = restored(fixture.state);
    expect(authors(fixture, chat)).toEqual(written);
  });

  it('[LINE10] of before authors were kept show what can be known', () => {
    const before = { id: 0, at: 0, type: 'line', text: 'hi', textType: 'plain', by: 'X' } as const;
    const line = (source: LineEntry['source']): LineEntry => {
      const feed = [{ ...before, source, subType: 'REGULAR' }];
      const event = decode(
        'chat.line',
        1,
        JSON.stringify({ type: 'chat.line', chatId: 'c', feed }),
      );
      const [entry] = event.type === 'chat.line' ? event.feed : [];
      if (entry?.type !== 'line') throw new Error('no line');
      return entry;
    };
    expect(authorOfLine(line('visitor'))).toBe('visitor');
    expect(authorOfLine(line('system'))).toBe('system');
    expect(authorOfLine(line('agent'))).toBe('unknown');
  });
});
