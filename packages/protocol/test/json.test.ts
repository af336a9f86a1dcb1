import { describe, expect, it } from 'vitest';
import {
  accountDocument,
  agentInfoDocument,
  agentSessionDocument,
  agentSessionLocationDocument,
  agentTypingDocument,
  availabilityDocument,
  availableAgentsDocument,
  availableSlotsDocument,
  chatDocument,
  chatEventLocationDocument,
  chatLocationDocument,
  customVariablesDocument,
  estimatedWaitTimeDocument,
  eventDocument,
  eventsDocument,
  incomingRequestsDocument,
  skillsAvailabilityDocument,
  surveyDocument,
  transferSkillsDocument,
  visitInfoDocument,
  visitorAvailabilityDocument,
  visitorNameDocument,
  visitSurveysDocument,
  type AvailableAgents,
} from '../src/index.js';
import { time, waiting, thanks, eventLinks, info, PLAIN_INFO } from './support/chat-values.js';

describe('documents written with attributes', () => {
  it('[WIRE2] start of an agent session', () => {
    const link = { href: 'S', rel: 'location' };
    expect(agentSessionLocationDocument.write({ link }, 'json')).toBe(
      '{"agentSessionLocation":{"link":{"@href":"S","@rel":"location"}}}',
    );
  });

  it('[WIRE2] href stands before rel whatever the order in memory', () => {
    expect(chatLocationDocument.write({ link: { rel: 'location', href: 'C' } }, 'json')).toBe(
      '{"chatLocation":{"link":{"@href":"C","@rel":"location"}}}',
    );
  });

  it('[WIRE2] session resource and account resource', () => {
    const link = [
      { href: 'S', rel: 'self' },
      { href: 'S/info', rel: 'info' },
    ];
    expect(agentSessionDocument.write({ link }, 'json')).toBe(
      '{"agentSessionId":{"link":[{"@href":"S","@rel":"self"},{"@href":"S/info","@rel":"info"}]}}',
    );
    expect(accountDocument.write({ id: 'acme', link: link.slice(0, 1) }, 'json')).toBe(
      '{"account":{"@id":"acme","link":[{"@href":"S","@rel":"self"}]}}',
    );
  });

  it('[WIRE2] availability, slots, names, typing and waits', () => {
    expect(availabilityDocument.write({ chat: 'Online', voice: 'Offline' }, 'json')).toBe(
      '{"availability":{"chat":"Online","voice":"Offline"}}',
    );
    expect(availableSlotsDocument.write(-1, 'json')).toBe('{"availableSlots":-1}');
    expect(visitorNameDocument.write('visitor', 'json')).toBe('{"visitorName":"visitor"}');
    expect(agentTypingDocument.write('not-typing', 'json')).toBe('{"agentTyping":"not-typing"}');
    expect(visitorAvailabilityDocument.write(true, 'json')).toBe('{"availability":true}');
    expect(estimatedWaitTimeDocument.write(0, 'json')).toBe('{"estimatedWaitTime":0}');
  });

  it('[WIRE7] incoming requests: a count in quotes, no link when nothing rings', () => {
    const link = { href: 'S/incomingRequests', rel: 'acceptNextChat' };
    expect(incomingRequestsDocument.write({ ringingCount: 1, link, offer: [] }, 'json')).toBe(
      '{"incomingRequests":{"ringingCount":"1","link":{"@href":"S/incomingRequests","@rel":"acceptNextChat"}}}',
    );
    expect(incomingRequestsDocument.write({ ringingCount: 0, offer: [] }, 'json')).toBe(
      '{"incomingRequests":{"ringingCount":"0"}}',
    );
  });

  it('[WIRE7] agent info: strings throughout', () => {
    const written = agentInfoDocument.write(
      {
        link: { href: 'S/info', rel: 'self' },
        agentName: 'John Smith',
        displayName: 'John Smith',
        loginName: 'john@example.com',
        id: 25025413,
        maxChats: -1,
        availability: { chat: 'Online', voice: 'Offline' },
        skillsInfo: [
          { id: 25975313, name: 'Sales' },
          { id: 26060413, name: 'Billing' },
        ],
      },
      'json',
    );
    expect(written).toBe(
      '{"info":{"link":{"@href":"S/info","@rel":"self"},"agentName":"John Smith","displayName":"John Smith",' +
        '"loginName":"john@example.com","id":"25025413","maxChats":"-1",' +
        '"availability":{"chat":"Online","voice":"Offline"},' +
        '"skillsInfo":{"skillInfo":[{"id":"25975313","name":"Sales"},{"id":"26060413","name":"Billing"}]}}}',
    );
  });

  const agent: AvailableAgents['agents'][number] = {
    id: 2,
    chatState: 4,
    voiceState: 1,
    maxChats: -1,
    userName: 'Agent1',
    nickname: 'A',
    email: 'a@x',
    privilegeGroup: 'administrators',
    skills: [2, 4],
    skillsInfo: [
      { id: 2, name: 'Sales' },
      { id: 4, name: 'Billing' },
    ],
    chats: 0,
    agentGroupName: 'Main Group',
    agentGroupId: -1,
    elapsedTimeInState: 908445,
  };
  const next = { href: 'S/availableAgents?timeStamp=1331544926464', rel: 'next' };

  it('[WIRE5] [WIRE21] available agents: always an array, and the link beside it', () => {
    expect(availableAgentsDocument.write({ agents: [agent], link: next }, 'json')).toBe(
      '{"availableAgents":{"agents":{"agent":[{"@id":"2","@chatState":"4","@voiceState":"1","@maxChats":"-1",' +
        '"userName":"Agent1","nickname":"A","email":"a@x","privilegeGroup":"administrators",' +
        '"skills":{"skill":["2","4"]},"skillsInfo":{"skillInfo":[{"id":"2","name":"Sales"},{"id":"4","name":"Billing"}]},"chats":0,' +
        '"agentGroupName":"Main Group","agentGroupId":"-1","elapsedTimeInState":"908445"}]},' +
        '"link":{"@href":"S/availableAgents?timeStamp=1331544926464","@rel":"next"}}}',
    );
    expect(availableAgentsDocument.write({ agents: [], link: next }, 'json')).toContain(
      '"agents":{"agent":[]}',
    );
  });

  it('[WIRE6] available agents: skills of an agent without any are null', () => {
    const bare = { ...agent, skills: [], skillsInfo: [] };
    const written = availableAgentsDocument.write({ agents: [bare], link: next }, 'json');
    expect(written).toContain('"skills":null,"skillsInfo":null,"chats":0');
  });

  it('[WIRE4] a list of one member is that member, a list of none is absent', () => {
    const one = availableAgentsDocument.write(
      { agents: [{ ...agent, skills: [2], skillsInfo: [{ id: 2, name: 'Sales' }] }], link: next },
      'json',
    );
    expect(one).toContain(
      '"skills":{"skill":"2"},"skillsInfo":{"skillInfo":{"id":"2","name":"Sales"}},',
    );
    const sales = { id: 25975313, name: 'Sales', onlineAgents: 1 };
    expect(transferSkillsDocument.write({ skill: [sales] }, 'json')).toBe(
      '{"transfer":{"skill":{"id":"25975313","name":"Sales","onlineAgents":"1"}}}',
    );
    expect(transferSkillsDocument.write({ skill: [sales, sales] }, 'json')).toContain(
      '"skill":[{"id":',
    );
    expect(transferSkillsDocument.write({ skill: [] }, 'json')).toBe('{"transfer":{}}');
  });

  it('[WIRE2] [WIRE7] events: attributes and numbers', () => {
    expect(eventsDocument.write({ link: eventLinks, event: [waiting, thanks] }, 'json')).toBe(
      '{"events":{"link":[{"@href":"C/events","@rel":"self"},{"@href":"C/events?from=4","@rel":"next"}],' +
        `"event":[{"@id":"0","@type":"state","time":"${time}","state":"waiting"},` +
        `{"@id":"1","@type":"line","time":"${time}","textType":"plain","text":"Thank you.","by":"info",` +
        '"source":"system","systemMessageId":4,"subType":"REGULAR"}]}}',
    );
  });

  it('[WIRE4] events: one is that event, none leaves only the links', () => {
    expect(eventsDocument.write({ link: eventLinks, event: [waiting] }, 'json')).toContain(
      `"event":{"@id":"0","@type":"state","time":"${time}","state":"waiting"}}}`,
    );
    expect(eventsDocument.write({ link: eventLinks, event: [] }, 'json')).toBe(
      '{"events":{"link":[{"@href":"C/events","@rel":"self"},{"@href":"C/events?from=4","@rel":"next"}]}}',
    );
    expect(eventDocument.write(waiting, 'json')).toBe(
      `{"event":{"@id":"0","@type":"state","time":"${time}","state":"waiting"}}`,
    );
  });

  it('[WIRE5] the link of a chat, its events and its info is an array even of one', () => {
    const chat = {
      link: [{ href: 'C', rel: 'self' }],
      events: { link: [{ href: 'C/events', rel: 'self' }], event: [] },
      info,
    };
    expect(chatDocument.write(chat, 'json')).toBe(
      '{"chat":{"link":[{"@href":"C","@rel":"self"}],' +
        '"events":{"link":[{"@href":"C/events","@rel":"self"}]},' +
        `"info":${PLAIN_INFO.replace('"href"', '"@href"').replace('"rel"', '"@rel"')}}}`,
    );
  });

  it('[WIRE21] the end of a chat gives its link twice', () => {
    const link = { href: 'C/events/5', rel: 'location' };
    expect(chatEventLocationDocument.write({ link }, 'json')).toBe(
      '{"chatEventLocation":{"link":{"@href":"C/events/5","@rel":"location"}}}',
    );
    expect(chatEventLocationDocument.write({ link, chatLocation: { link } }, 'json')).toBe(
      '{"chatEventLocation":{"link":{"@href":"C/events/5","@rel":"location"}},' +
        '"chatLocation":{"link":{"@href":"C/events/5","@rel":"location"}}}',
    );
  });

  it('[WIRE2] a text beside attributes is $', () => {
    const written = visitInfoDocument.write(
      {
        link: { href: 'V/info', rel: 'self' },
        isInCurrentChat: true,
        visitorId: 7,
        sessionInfo: [
          { name: 'IP', value: '192.0.2.1' },
          { name: 'Browser', value: 'Firefox' },
        ],
        visitorInfo: [],
        time: [],
      },
      'json',
    );
    expect(written).toBe(
      '{"visitInfo":{"link":{"@href":"V/info","@rel":"self"},"isInCurrentChat":true,"visitorId":7,' +
        '"sessionInfo":{"info":[{"@name":"IP","$":"192.0.2.1"},{"@name":"Browser","$":"Firefox"}]}}}',
    );
  });

  it('[WIRE2] custom variables of a visit', () => {
    const customVariable = [
      { source: 'chat', scope: 'session', name: 'a', time, displayName: 'A', value: '1' },
    ];
    const link = { href: 'V/customVariables', rel: 'self' };
    expect(customVariablesDocument.write({ link, customVariable }, 'json')).toBe(
      '{"customVariables":{"link":{"@href":"V/customVariables","@rel":"self"},' +
        `"customVariable":{"@source":"chat","@scope":"session","name":"a","time":"${time}","displayName":"A","value":"1"}}}`,
    );
  });

  it('[WIRE4, WIRE5] a survey: showLogicId and answer collapse; question and entry never do', () => {
    const question = {
      id: 4991315,
      order: 0,
      logicId: 1,
      mandatory: false,
      type: 'Radio Button' as const,
      validationType: 'alpha_numeric' as const,
      label: 'A transcript?',
      entry: [
        { value: 'yes', displayValue: 'Yes', checked: false, logic: { showLogicId: [2] } },
        { value: 'no', displayValue: 'No', checked: false },
      ],
      answer: [],
    };
    expect(
      surveyDocument.write({ id: 361348, title: '', header: '', questions: [question] }, 'json'),
    ).toBe(
      '{"survey":{"id":361348,"title":"","header":"","questions":{"question":[{"id":4991315,"order":0,"logicId":1,' +
        '"mandatory":false,"type":"Radio Button","validationType":"alpha_numeric","label":"A transcript?",' +
        '"entry":[{"value":"yes","displayValue":"Yes","checked":false,"logic":{"showLogicId":2}},' +
        '{"value":"no","displayValue":"No","checked":false}]}]}}}',
    );
    const [yes] = question.entry;
    const one = { ...question, type: 'Checkbox' as const, entry: yes === undefined ? [] : [yes] };
    const none = { ...question, type: 'Text Field' as const, entry: [] };
    const survey = { id: 1, title: '', header: '', questions: [one, none] };
    for (const document of [surveyDocument, visitSurveysDocument] as const) {
      const link = { href: 'https://x.example', rel: 'self' };
      const text =
        document === surveyDocument
          ? surveyDocument.write(survey, 'json')
          : visitSurveysDocument.write({ link, survey: [survey] }, 'json');
      expect(text).toContain(
        '"entry":[{"value":"yes","displayValue":"Yes","checked":false,"logic":{"showLogicId":2}}]',
      );
      expect(text).toContain('"label":"A transcript?","entry":[]}');
    }
    expect(surveyDocument.write({ ...survey, questions: [] }, 'json')).toBe(
      '{"survey":{"id":1,"title":"","header":"","questions":{"question":[]}}}',
    );
  });

  it('[WIRE5] availability for several skills', () => {
    expect(
      skillsAvailabilityDocument.write(
        { AvailabilityForSkills: [{ skill: 'Sales', isAvailable: true }] },
        'json',
      ),
    ).toBe(
      '{"availability":{"AvailabilityForSkills":{"skillAvailability":[{"skill":"Sales","isAvailable":true}]}}}',
    );
  });
});

describe('texts', () => {
  it.each(['a"b', 'a\\b', 'a\nb\u0000', 'é 😀', '\ud800', 'x\udc00y', '</script>', '\u2028'])(
    '[WIRE1] %j is written as JSON.stringify does',
    (text) => {
      expect(visitorNameDocument.write(text, 'json')).toBe(JSON.stringify({ visitorName: text }));
    },
  );
});
