import { describe, expect, it } from 'vitest';
import {
  agentInfoDocument,
  availableAgentsDocument,
  availableSlotsDocument,
  baseUrisDocument,
  chatSessionsDocument,
  customVariablesDocument,
  eventDocument,
  eventsDocument,
  incomingRequestsDocument,
  transferSkillsDocument,
  visitInfoDocument,
  type DocumentType,
} from '../src/index.js';

const time = '2017-02-27T06:24:15.424-05:00';

function hal<T>(document: DocumentType<T>, value: T): unknown {
  return JSON.parse(document.write(value, 'hal'));
}

describe('HAL', () => {
  it('[HAL1] links stand in _links by relation, the content at the top level', () => {
    const link = { href: 'S/incomingRequests', rel: 'acceptNextChat' };
    expect(hal(incomingRequestsDocument, { ringingCount: 2, link, offer: [] })).toEqual({
      _links: { acceptNextChat: { href: 'S/incomingRequests' } },
      ringingCount: 2,
      offer: [],
    });
    expect(hal(incomingRequestsDocument, { ringingCount: 0, offer: [] })).toEqual({
      ringingCount: 0,
      offer: [],
    });
  });

  it('[HAL1] a relation that repeats holds an array', () => {
    const link = [
      { href: 'a', rel: 'self' },
      { href: 'b', rel: 'next' },
      { href: 'c', rel: 'next' },
    ];
    expect(hal(eventsDocument, { link, event: [] })).toEqual({
      _links: { self: { href: 'a' }, next: [{ href: 'b' }, { href: 'c' }] },
      event: [],
    });
  });

  it('[HAL1] a link beside a list is a link like any other', () => {
    const link = { href: 'S?timeStamp=1', rel: 'next' };
    expect(hal(availableAgentsDocument, { agents: [], link })).toEqual({
      _links: { next: { href: 'S?timeStamp=1' } },
      agents: [],
    });
  });

  it('[HAL1] a resource inside a resource keeps its own links', () => {
    const chatSession = [
      {
        link: { href: 'C', rel: 'chat-session' },
        chatSessionKey: 'H1K2',
        startTime: 1440934609097,
      },
    ];
    expect(hal(chatSessionsDocument, { chatSession })).toEqual({
      chatSession: [
        {
          _links: { 'chat-session': { href: 'C' } },
          chatSessionKey: 'H1K2',
          startTime: '2015-08-30T11:36:49.097Z',
        },
      ],
    });
  });

  it('[HAL2] lists are arrays without wrappers, whatever their length', () => {
    const skill = [{ id: 2, name: 'Sales', onlineAgents: 1 }];
    expect(hal(transferSkillsDocument, { skill })).toEqual({ skill });
    expect(hal(transferSkillsDocument, { skill: [] })).toEqual({ skill: [] });
    const info = {
      link: { href: 'S/info', rel: 'self' },
      agentName: 'J',
      displayName: 'J',
      loginName: 'j',
      id: 25025413,
      maxChats: -1,
      availability: { chat: 'Online' as const, voice: 'Offline' as const },
      skillsInfo: [{ id: 2, name: 'Sales' }],
    };
    const { link: _link, ...content } = info;
    expect(hal(agentInfoDocument, info)).toEqual({
      _links: { self: { href: 'S/info' } },
      ...content,
    });
  });

  it('[HAL3] numbers are numbers, attributes have no @, times are UTC', () => {
    expect(hal(eventDocument, { id: 3, type: 'state', time, state: 'ended' })).toEqual({
      id: 3,
      type: 'state',
      time: '2017-02-27T11:24:15.424Z',
      state: 'ended',
    });
  });

  it('[HAL3] named facts: numbers are numbers, instants in UTC, in JSON both are texts', () => {
    const value = {
      link: { href: 'V', rel: 'self' },
      isInCurrentChat: false,
      visitorId: 7,
      sessionInfo: [{ name: 'pagesViewed', value: 3 }],
      visitorInfo: [{ name: 'visitorName', value: '4711' }],
      time: [
        { name: 'startTime', value: '2017-02-27T06:24:15.424-05:00' },
        { name: 'timeOnSite', value: 5 },
      ],
    };
    expect(hal(visitInfoDocument, value)).toMatchObject({
      sessionInfo: [{ name: 'pagesViewed', value: 3 }],
      visitorInfo: [{ name: 'visitorName', value: '4711' }],
      time: [
        { name: 'startTime', value: '2017-02-27T11:24:15.424Z' },
        { name: 'timeOnSite', value: 5 },
      ],
    });
    expect(visitInfoDocument.write(value, 'json')).toContain(
      '"sessionInfo":{"info":{"@name":"pagesViewed","$":"3"}},' +
        '"visitorInfo":{"info":{"@name":"visitorName","$":"4711"}},' +
        '"time":{"info":[{"@name":"startTime","$":"2017-02-27T06:24:15.424-05:00"},' +
        '{"@name":"timeOnSite","$":"5"}]}',
    );
  });

  it('[HAL3] a text beside attributes is called value', () => {
    const value = {
      link: { href: 'V', rel: 'self' },
      isInCurrentChat: false,
      visitorId: 7,
      sessionInfo: [{ name: 'IP', value: '192.0.2.1' }],
      visitorInfo: [],
      time: [],
    };
    expect(hal(visitInfoDocument, value)).toMatchObject({
      sessionInfo: [{ name: 'IP', value: '192.0.2.1' }],
    });
    expect(
      hal(customVariablesDocument, {
        link: { href: 'V', rel: 'self' },
        customVariable: [
          { source: 's', scope: 'c', name: 'n', time, displayName: 'd', value: 'v' },
        ],
      }),
    ).toMatchObject({ customVariable: [{ source: 's', time: '2017-02-27T11:24:15.424Z' }] });
  });

  it('[HAL1] a document of one value keeps its root key', () => {
    expect(hal(availableSlotsDocument, 3)).toEqual({ availableSlots: 3 });
    const uri = { account: '1', baseURI: 'h', service: 'smt' };
    expect(hal(baseUrisDocument, [uri])).toEqual({ baseURIs: [uri] });
  });
});
