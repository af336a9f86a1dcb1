import { describe, expect, it } from 'vitest';
import {
  baseUriDocument,
  baseUrisDocument,
  chatDocument,
  chatInfoDocument,
  chatSessionsDocument,
  chatsDocument,
  eventsDocument,
  loginDocument,
  participantInfoDocument,
  visitorChatInfoDocument,
  visitorEventDocument,
  visitorEventsDocument,
} from '../src/index.js';
import { time, thanks, waiting, eventLinks, info, PLAIN_INFO } from './support/chat-values.js';

describe('plain documents', () => {
  it('[WIRE3] chat info alone has plain keys', () => {
    expect(chatInfoDocument.write(info, 'json')).toBe(`{"info":${PLAIN_INFO}}`);
  });

  it('[WIRE3] chat sessions: plain keys, always an array, epoch milliseconds', () => {
    const chatSession = [
      {
        link: { href: 'C', rel: 'chat-session' },
        chatSessionKey: 'H1K2',
        startTime: 1440934609097,
      },
    ];
    expect(chatSessionsDocument.write({ chatSession }, 'json')).toBe(
      '{"chatSessions":{"chatSession":[{"link":{"href":"C","rel":"chat-session"},"chatSessionKey":"H1K2","startTime":1440934609097}]}}',
    );
    expect(chatSessionsDocument.write({ chatSession: [] }, 'json')).toBe(
      '{"chatSessions":{"chatSession":[]}}',
    );
  });

  it('[WIRE3] [WIRE5] several chats: plain keys, and every list an array', () => {
    const chat = [{ link: [], events: { link: eventLinks, event: [waiting] }, info }];
    expect(chatsDocument.write({ chat }, 'json')).toBe(
      '{"chats":{"chat":[{"link":[],"events":{"link":[{"href":"C/events","rel":"self"},{"href":"C/events?from=4","rel":"next"}],' +
        `"event":[{"id":0,"type":"state","time":"${time}","state":"waiting"}]},"info":${PLAIN_INFO}}]}}`,
    );
    const silent = [{ link: [], events: { link: [], event: [] }, info }];
    expect(chatsDocument.write({ chat: silent }, 'json')).toContain('"event":[]');
    expect(chatsDocument.write({ chat: [] }, 'json')).toBe('{"chats":{"chat":[]}}');
  });

  it('[WIRE25] a system text’s number is a number in chats, a text where the original has one', () => {
    const events = { link: [], event: [waiting, thanks] };
    expect(eventsDocument.write(events, 'json')).toContain('"systemMessageId":4');
    expect(visitorEventsDocument.write(events, 'json')).toContain('"systemMessageId":"4"');
    expect(visitorEventsDocument.write(events, 'json')).toContain('"@id":"0"');
    expect(visitorEventDocument.write(thanks, 'json')).toContain('"systemMessageId":"4"');
    expect(chatDocument.write({ link: [], events, info }, 'json')).toContain('"systemMessageId":4');
    const several = chatsDocument.write({ chat: [{ link: [], events, info }] }, 'json');
    expect(several).toContain('"id":1,');
    expect(several).toContain('"systemMessageId":"4"');
    for (const document of [eventsDocument, visitorEventsDocument]) {
      expect(document.write(events, 'xml')).toContain('<systemMessageId>4</systemMessageId>');
      expect(document.write(events, 'hal')).toContain('"systemMessageId":4');
    }
  });

  it('[WIRE26] ids that the page brought are numbers, and texts in the visitor’s info alone', () => {
    const brought = { ...info, sharkContextId: 2, engagementId: 17, campaignId: 'summer' };
    const numbers = '"sharkContextId":2,"engagementId":17,"campaignId":"summer"';
    const texts = '"sharkContextId":"2","engagementId":"17","campaignId":"summer"';
    expect(chatInfoDocument.write(brought, 'json')).toContain(numbers);
    const events = { link: [], event: [] };
    expect(chatDocument.write({ link: [], events, info: brought }, 'json')).toContain(numbers);
    expect(visitorChatInfoDocument.write(brought, 'json')).toContain(texts);
  });

  it('[WIRE3] base URIs', () => {
    const one = { service: 'agentVep', account: '1234', baseURI: 'chat.example.com:8443' };
    expect(baseUriDocument.write(one, 'json')).toBe(
      '{"service":"agentVep","account":"1234","baseURI":"chat.example.com:8443"}',
    );
    expect(baseUrisDocument.write([one], 'json')).toBe(
      '{"baseURIs":[{"account":"1234","baseURI":"chat.example.com:8443","service":"agentVep"}]}',
    );
  });

  it('[WIRE3] [WIRE7] the login answer', () => {
    const written = loginDocument.write(
      {
        csrf: 'c',
        wsuk: '766900772095619056',
        config: {
          loginName: 'ann',
          userId: 3705342610,
          userPrivileges: [100, 101],
          serverCurrentTime: 1474549184722,
          timeDiff: -25200000,
          serverTimeZoneName: 'Europe/Athens',
          serverTimeGMTDiff: 10800000,
          isLPA: false,
          isAdmin: true,
          accountTimeZoneId: 'Europe/Athens',
        },
        csdsCollectionResponse: {
          baseURIs: [{ account: '1234', baseURI: 'h:8443', service: 'agentVep' }],
        },
        accountData: {
          agentGroupsData: {
            items: [{ id: -1, deleted: false, name: 'Main Group' }],
            revision: 1,
          },
        },
        sessionTTl: 28800000,
        bearer: 'b',
      },
      'json',
    );
    expect(written).toBe(
      '{"csrf":"c","wsuk":"766900772095619056","config":{"loginName":"ann","userId":"3705342610",' +
        '"userPrivileges":[100,101],"serverCurrentTime":1474549184722,"timeDiff":-25200000,' +
        '"serverTimeZoneName":"Europe/Athens","serverTimeGMTDiff":10800000,"isLPA":false,"isAdmin":true,' +
        '"accountTimeZoneId":"Europe/Athens"},"csdsCollectionResponse":{"baseURIs":[{"account":"1234","baseURI":"h:8443","service":"agentVep"}]},' +
        '"accountData":{"agentGroupsData":{"items":[{"id":-1,"deleted":false,"name":"Main Group"}],"revision":1}},' +
        '"sessionTTl":"28800000","bearer":"b"}',
    );
  });

  it('[WIRE3] participant info has plain keys, and numbers as numbers', () => {
    const info = {
      authenticatedParticipantInfo: {
        isUserAuthenticated: true,
        participantId: 'p',
        balance: -400.99,
      },
      authenticatedPersonalInfo: { contacts: [{ email: 'a@b' }] },
    };
    expect(participantInfoDocument.write(info, 'json')).toBe(JSON.stringify(info));
  });
});
