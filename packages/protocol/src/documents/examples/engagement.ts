/** Examples of engagement and of what is known of a visit. */
import { engagementDocument, engagementRequestDocument, visitStateDocument } from '../../index.js';
import { sent, answered } from './example.js';
import { epochMs } from './values.js';

const VISITOR = 'Q3NzA0YzM2ZTM4OWY1';
const SESSION = 'cGFnZS1zZXNzaW9uLTE';

const attribute = {
  type: 'cart',
  total: 49,
  currency: 'EUR',
  numItems: 1,
  products: [{ product: { name: 'The blue one', price: 49 }, quantity: 1 }],
};

const facts = {
  id: SESSION,
  visitorId: VISITOR,
  startTime: epochMs(0),
  lastSeen: epochMs(14),
  pages: [
    {
      id: '1',
      url: 'https://shop.example.com/blue',
      pageTitle: 'Blue',
      startTime: epochMs(0),
      timeOnPage: 14_000,
    },
  ],
  events: [attribute],
  engagements: [],
  browser: 'Firefox 128.0',
  deviceOS: 'Linux',
  deviceFamily: 'DESKTOP' as const,
  ipv4: '203.0.113.7',
  geo: { country: 'Greece', countryCode: 'GR', city: 'Athens' },
  sections: ['shop'],
  cart: attribute,
  viewedProduct: [],
  purchases: [],
  leads: [],
  serviceActivity: [],
  visitorError: [],
  searchContent: ['blue'],
};

export const ENGAGEMENT_ANSWERS = [
  answered(engagementDocument, {
    status: 'Available',
    engagementDetails: {
      campaignId: 3_120_478_566,
      engagementId: 2_760_339_201,
      contextId: '1',
      windowId: 4_091_277_345,
      language: 'en-US',
      engagementRevision: 1,
      validForSeconds: 900,
    },
    pageId: '1',
    sessionId: SESSION,
    visitorId: VISITOR,
  }),
  answered(visitStateDocument, { ...facts, appSessions: [facts] }),
];

export const ENGAGEMENT_BODIES = [
  sent(engagementRequestDocument, 'page', 'A page was opened, with a cart', {
    appType: 'EXTERNAL',
    appDetails: { os: 'LINUX', deviceFamily: 'DESKTOP', language: 'en-US' },
    consumerSections: ['shop'],
    pages: [{ url: 'https://shop.example.com/blue', title: 'Blue' }],
    engagementAttributes: [attribute],
  }),
  sent(engagementRequestDocument, 'nothing', 'Nothing but a heartbeat', {}),
];
