/** Examples of delegations and approvals: a program that helps the agent, and asks before it speaks. */
import {
  type Approval,
  approvalDocument,
  approvalsDocument,
  cannedTextsDocument,
  decisionDocument,
  delegatedDocument,
  type Delegation,
  delegationsDocument,
  newDelegationDocument,
  REL,
} from '../../index.js';
import { answered, sent } from './example.js';
import { at, BASE, CHAT_ID, link, SESSION } from './values.js';

const DELEGATIONS = `${SESSION}/delegations`;

const delegation: Delegation = {
  link: [link(`${DELEGATIONS}/482205971134`, REL.self)],
  id: '482205971134',
  name: 'Desk helper',
  rights: ['read', 'speak', 'suggest'],
  approval: ['speak'],
  since: at(5),
};

const approval: Approval = {
  link: [link(`${BASE}/approvals/482205971135001`, REL.self)],
  ...{ id: '482205971135001', program: 'Desk helper', delegationId: '482205971134' },
  ...{ right: 'speak', method: 'POST', path: `/chat/${CHAT_ID}/events`, chatSessionKey: CHAT_ID },
  body: { event: { '@type': 'line', text: 'Yes, in all sizes.' } },
  ...{ since: at(20), until: at(59), state: 'pending' },
};

export const DELEGATION_ANSWERS = [
  answered(cannedTextsDocument, {
    link: [link(`${SESSION}/cannedTexts`, REL.self)],
    cannedText: [
      {
        id: 7,
        name: 'Returns',
        text: [{ language: 'en', text: 'Unread books can be returned within 30 days.' }],
      },
    ],
  }),
  answered(delegationsDocument, {
    link: [link(DELEGATIONS, REL.self)],
    delegation: [delegation],
  }),
  answered(delegatedDocument, { ...delegation, bearer: `program.${'5f3a9c0e'.repeat(8)}` }),
  answered(approvalsDocument, {
    link: [link(`${BASE}/approvals`, REL.self)],
    approval: [approval],
  }),
  answered(approvalDocument, { ...approval, state: 'approved' }),
];

export const DELEGATION_BODIES = [
  sent(newDelegationDocument, 'helper', 'It reads and suggests; what it says is approved first.', {
    delegation: {
      name: 'Desk helper',
      rights: ['read', 'speak', 'suggest'],
      approval: ['speak'],
    },
  }),
  sent(decisionDocument, 'approve', 'It may.', { decision: 'approve' }),
];
