import { describe, expect, it } from 'vitest';
import { transcriptRequestDocument, transcriptWithSubjectRequestDocument } from '../src/index.js';
import { failure, success } from './support/documents.js';

describe('where a transcript is sent', () => {
  it.each(['a@b', 'ann@example.com', "o'neil+tag@mail.ex-ample.co.uk", 'ü@müller.example'])(
    '[WIRE12] %j is a mail address',
    (email) => expect(success(transcriptRequestDocument.read({ email }))).toEqual({ email }),
  );

  it.each([
    '',
    'ann',
    'ann@',
    '@b.c',
    'a b@c.d',
    'a@b.',
    'a@@b',
    'a@b.c\nd@e.f',
    'a\u200b@b.c',
    'a@b\u202e.c',
    'a@b.c\u0000',
    'a@b.c,d@e.f',
    '"a"@b.c',
    'a@[127.0.0.1]',
    'A <a@b.c>',
  ])('[WIRE12] %j is no mail address', (email) => {
    const { problems } = failure(transcriptRequestDocument.read({ email }));
    expect(problems[0]?.path).toBe('email');
    expect(problems[0]?.message).toContain('must be a mail address');
  });

  it('[NAME2] a mail address is kept without spaces around it', () => {
    expect(transcriptRequestDocument.read({ email: ' a@b.c\n' })).toEqual({
      ok: true,
      value: { email: 'a@b.c' },
    });
  });

  it('[WIRE12] a subject is one line', () => {
    const read = (subject: string) =>
      transcriptWithSubjectRequestDocument.read({ email: 'a@b.example', subject });
    expect(read('Your chat').ok).toBe(true);
    expect(read('Hi\r\nBcc: x@y.example').ok).toBe(false);
  });
});
