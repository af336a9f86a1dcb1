import { describe, expect, it } from 'vitest';
import {
  appKeyChangeDocument,
  chatRequestDocument,
  engagementRequestDocument,
  loginRequestDocument,
  newAvailabilityDocument,
  newEventDocument,
  settingsChangeDocument,
  surveyAnswersDocument,
  surveyChangeDocument,
  transferDocument,
  userChangeDocument,
} from '../src/index.js';
import { failure, success } from './support/documents.js';

const NOTHING_ASKED = { preChatLines: [], customVariables: [] };

describe('fields left blank', () => {
  it.each(['skillId', 'maxWaitTime', 'interactionTimeout'])(
    '[WIRE24] a number is absent: %s',
    (name) => {
      for (const blank of ['', ' ', 'null', 'undefined', null]) {
        expect(success(chatRequestDocument.read({ request: { [name]: blank } }))).toEqual(
          NOTHING_ASKED,
        );
      }
      expect(chatRequestDocument.read({ request: { [name]: 'nothing' } }).ok).toBe(false);
    },
  );

  it('[WIRE24] in XML as well', () => {
    const request = '<request><skillId/><maxWaitTime></maxWaitTime></request>';
    expect(success(chatRequestDocument.readXml(request))).toEqual(NOTHING_ASKED);
    const transfer = '<transfer><skill id=""/><agent id="6"/></transfer>';
    expect(success(transferDocument.readXml(transfer))).toEqual({ agent: { id: 6 } });
    const empty = '<transfer><skill/><agent id="6"/></transfer>';
    expect(success(transferDocument.readXml(empty))).toEqual({ agent: { id: 6 } });
  });

  it('[WIRE24] an object of which nothing is filled in is absent', () => {
    for (const skill of ['', { id: '' }, { '@id': 'null' }, { id: null }]) {
      const sent = { transfer: { skill, agent: { id: 6 } } };
      expect(success(transferDocument.read(sent))).toEqual({ agent: { id: 6 } });
    }
    expect(failure(transferDocument.read({ transfer: { skill: { id: '' } } })).problems).toEqual([
      expect.objectContaining({ path: 'transfer', message: expect.stringContaining('needs a') }),
    ]);
  });

  it('[WIRE24] one of some words is absent, or its default', () => {
    expect(
      success(newAvailabilityDocument.read({ availability: { chat: 'Away', voice: '' } })),
    ).toEqual({ chat: 'Away' });
    const line = { '@type': 'line', text: 'hi', textType: '', subType: '' };
    expect(success(newEventDocument.read({ event: line }))).toMatchObject({
      textType: 'plain',
      subType: 'REGULAR',
    });
    const personal = { type: 'personal', personal: { firstname: 'Ann', gender: '' } };
    expect(
      success(engagementRequestDocument.read({ engagementAttributes: [personal] }))
        .engagementAttributes[0],
    ).toEqual({ type: 'personal', personal: { firstname: 'Ann', contacts: [] } });
  });

  it('[WIRE24] the id of a survey, and ids in the configuration', () => {
    const survey = { id: '', question: [{ id: 1, answer: 'a' }] };
    expect(success(surveyAnswersDocument.read({ survey }))).not.toHaveProperty('id');
    const user = { id: '', loginName: 'ann', maxChats: '', isEnabled: '' };
    expect(success(userChangeDocument.read({ ...user, memberOf: { agentGroupId: '' } }))).toEqual([
      { loginName: 'ann' },
    ]);
    expect(success(appKeyChangeDocument.read({ kind: '', userId: '', name: 'site' }))).toEqual({
      name: 'site',
    });
    expect(success(surveyChangeDocument.read({ name: 'a', skillId: '' }))).toEqual([{ name: 'a' }]);
  });

  it('[WIRE24] what may be an empty text stays one', () => {
    const user = { fullName: '', email: '', description: '' };
    expect(success(userChangeDocument.read(user))).toEqual([user]);
    const settings = { mail: { host: '' }, language: '' };
    expect(success(settingsChangeDocument.read(settings))).toEqual(settings);
    const login = { username: 'bot', password: '', appKey: 'k', secret: 's', accessToken: '' };
    expect(success(loginRequestDocument.read(login))).toEqual(login);
  });

  it('[WIRE24] a list is empty, in JSON as in XML', () => {
    const user = { loginName: 'ann', skillIds: [], managerOf: [] };
    const blank = { loginName: 'ann', skillIds: '', managerOf: '' };
    expect(success(userChangeDocument.read(blank))).toEqual([user]);
    const given = { loginName: 'ann', skillIds: '11' };
    expect(success(userChangeDocument.read(given))).toEqual([{ loginName: 'ann', skillIds: [11] }]);
  });

  it('[WIRE24] what must be there is not absent', () => {
    const { problems } = failure(newAvailabilityDocument.read({ availability: { chat: '' } }));
    expect(problems[0]?.path).toBe('availability.chat');
    const question = [{ id: '', answer: 'a' }];
    expect(surveyAnswersDocument.read({ survey: { question } }).ok).toBe(false);
  });
});
