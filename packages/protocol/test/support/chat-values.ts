import type { ChatEvent, ChatInfo } from '../../src/index.js';

export const time = '2017-02-27T06:24:15.424-05:00';
export const waiting: ChatEvent = { id: 0, type: 'state', time, state: 'waiting' };
export const thanks: ChatEvent = {
  id: 1,
  type: 'line',
  time,
  textType: 'plain',
  text: 'Thank you.',
  by: 'info',
  source: 'system',
  systemMessageId: 4,
  subType: 'REGULAR',
};
export const eventLinks = [
  { href: 'C/events', rel: 'self' },
  { href: 'C/events?from=4', rel: 'next' },
];
export const info: ChatInfo = {
  link: [{ href: 'C/info', rel: 'self' }],
  state: 'chatting',
  chatSessionKey: 'H1-0f0fK2',
  skillName: 'Sales',
  skillId: 25975313,
  agentName: 'Natalie',
  agentId: 25025413,
  startTime: time,
  duration: 0,
  lastUpdate: time,
  chatTimeout: 40,
  visitorId: 1214701440734022,
  agentTyping: 'not-typing',
  visitorTyping: 'typing',
  visitorName: 'visitor',
};

export const PLAIN_INFO =
  '{"link":[{"href":"C/info","rel":"self"}],"state":"chatting","chatSessionKey":"H1-0f0fK2",' +
  '"skillName":"Sales","skillId":25975313,"agentName":"Natalie","agentId":25025413,' +
  `"startTime":"${time}","duration":0,"lastUpdate":"${time}","chatTimeout":40,` +
  '"visitorId":1214701440734022,"agentTyping":"not-typing","visitorTyping":"typing",' +
  '"visitorName":"visitor"}';
