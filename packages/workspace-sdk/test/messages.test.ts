import { describe, expect, it } from 'vitest';
import { MAX_TEXT, readHello, readNotification, readRequest, VERSION } from '../src/messages.js';

describe('messages between pages and the workspace', () => {
  const hello = { parley: 'workspace', type: 'hello', version: VERSION };

  it('[EMBED9] a hello of another form is not one', () => {
    expect(readHello({ ...hello, more: 1 })).toEqual(hello);
    for (const other of [
      ...[null, undefined, 'hello', 7, [], [hello], {}],
      ...[
        { ...hello, parley: 'other' },
        { ...hello, version: '1' },
        { ...hello, type: 'get' },
      ],
    ]) {
      expect(readHello(other), JSON.stringify(other)).toBeNull();
    }
  });

  it('[EMBED9] requests and notifications keep their own fields, and are nothing when one is wrong', () => {
    expect(readRequest({ type: 'get', id: 1, path: 'chatInfo', origin: 'x' })).toEqual({
      type: 'get',
      id: 1,
      path: 'chatInfo',
    });
    expect(readRequest({ type: 'bye', id: 'x' })).toEqual({ type: 'bye' });
    for (const other of [
      ...[null, 'get', [], { type: 'get', path: 'chatInfo' }, { type: 'get', id: 1.5, path: 'a' }],
      { type: 'get', id: 1, path: 'x'.repeat(MAX_TEXT + 1) },
      { type: 'bind', id: 1, path: ['chatInfo'] },
      { type: 'unbind', id: 1, binding: 'all' },
      { type: 'command', id: 1, name: { toString: () => 'write' }, data: {} },
      { type: 'eval', id: 1, path: 'x' },
    ]) {
      expect(readRequest(other), JSON.stringify(other)).toBeNull();
    }
    expect(readNotification({ type: 'value', binding: 3, value: { a: 1 } })).toEqual({
      type: 'value',
      binding: 3,
      value: { a: 1 },
    });
    expect(readNotification({ type: 'refused', id: null, message: 'x' })).not.toBeNull();
    for (const other of [
      ...[null, {}, { type: 'welcome' }, { type: 'answer', id: '1' }, { type: 'focused' }],
      { type: 'focused', chat: 7 },
      { type: 'refused', id: 1, message: null },
    ]) {
      expect(readNotification(other), JSON.stringify(other)).toBeNull();
    }
  });
});
