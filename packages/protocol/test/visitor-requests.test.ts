import { describe, expect, it } from 'vitest';
import { chatRequestDocument, transcriptWithSubjectRequestDocument } from '../src/index.js';
import { success } from './support/documents.js';

describe('transcripts', () => {
  const wanted = { email: 'ann@example.com', subject: 'Our chat' };

  it.each([wanted, { transcriptWithSubjectRequest: wanted }, { transcriptRequest: wanted }])(
    '[WIRE27] with a subject, bare or below either name: %j',
    (body) => {
      expect(success(transcriptWithSubjectRequestDocument.read(body))).toEqual(wanted);
    },
  );

  it.each(['transcriptRequest', 'transcriptWithSubjectRequest'])('[WIRE27] as XML, %s', (root) => {
    const xml = `<${root}><email>ann@example.com</email><subject>Our chat</subject></${root}>`;
    expect(success(transcriptWithSubjectRequestDocument.readXml(xml))).toEqual(wanted);
  });
});

describe('a chat request', () => {
  it.each(['chatReferrer', 'chatRefferer', 'chatReferer'])('[WIRE28] %s is read', (name) => {
    const sent = { request: { [name]: 'https://shop.example.com/' } };
    expect(success(chatRequestDocument.read(sent)).chatReferrer).toBe('https://shop.example.com/');
  });

  it('[WIRE28] the engagement and its campaign are texts, often numbers', () => {
    const sent = { request: { engagementId: 27469613, campaignId: 'summer' } };
    expect(success(chatRequestDocument.read(sent))).toMatchObject({
      engagementId: '27469613',
      campaignId: 'summer',
    });
  });
});
