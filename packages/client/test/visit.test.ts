import { describe, expect, it } from 'vitest';
import { readEarlierChats, readPages } from '../src/agent/visit.js';

describe('what the visitor did before', () => {
  it('pages have a title and the time on them where these are known', () => {
    const time = '2026-11-26T09:00:00.000+0000';
    const page = [
      { url: 'https://shop.example/b', title: 'B', time, timeOnPage: '42' },
      { url: 'https://shop.example/a', time },
    ];
    expect(readPages({ pages: { page } })).toEqual([
      { url: 'https://shop.example/b', title: 'B', time, stayed: 42_000 },
      { url: 'https://shop.example/a', title: null, time, stayed: null },
    ]);
    expect(readPages({ pages: { page: page[1] } })).toHaveLength(1);
    expect(readPages({ pages: {} })).toEqual([]);
  });

  it('the transcript of an earlier chat is read to its last page', async () => {
    const line = (id: number) => ({ id: String(id), type: 'line', text: `line ${id}` });
    const pages: Readonly<Record<string, unknown>> = {
      '/one': { events: { event: [line(0), line(1)], link: { rel: 'next', href: '/two' } } },
      '/two': { events: { event: line(2), link: { rel: 'self', href: '/two' } } },
    };
    const chat = {
      link: { rel: 'transcript', href: '/one' },
      chatSessionKey: 'H1',
      startTime: '2026-11-25T09:00:00.000+0000',
    };
    const [earlier] = readEarlierChats({ earlierChats: { chat } }, async (url) => pages[url]);
    expect(earlier).toMatchObject({ id: 'H1', startTime: chat.startTime, endTime: null });
    expect((await earlier?.transcript())?.map(({ id }) => id)).toEqual([0, 1, 2]);
  });
});
