/**
 * Engagement and page tracking: what a page or app reports of a visit, and what it may offer. The
 * attributes are those of the original API, each with its own fields; fields beyond those are kept.
 */
import Type, { type TProperties } from 'typebox';
import { address, annotate, choice, free, list, open, stringly, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** Most attributes or pages in one report. */
const MAX_REPORTED = 50;
const MAX_PRODUCTS = 100;
/** Longest address of a page, in characters. */
const MAX_URL = 2_000;

const optional = (max: number, description?: string) => Type.Optional(text(max, description));
const number = (description?: string) =>
  Type.Optional(Type.Number(description === undefined ? {} : { description }));
const whole = (minimum: number, maximum: number) =>
  Type.Optional(Type.Integer({ minimum, maximum }));

/** What an attribute holds; it may be left out, and is empty then. */
const orNothing = <P extends TProperties>(properties: P) =>
  annotate(open(properties), { default: {} });

const day = () =>
  Type.Optional(
    open({
      year: Type.Integer({ minimum: 1, maximum: 9999 }),
      month: Type.Integer({ minimum: 1, maximum: 12 }),
      day: Type.Integer({ minimum: 1, maximum: 31 }),
    }),
  );

const Product = open({
  name: optional(300),
  category: optional(300),
  sku: optional(200),
  price: number(),
  statusInStock: optional(50),
  quantityInStock: number(),
});

const products = () =>
  list(open({ product: Product, quantity: Type.Optional(Type.Integer({ minimum: 0 })) }), {
    maxItems: MAX_PRODUCTS,
  });

const keywords = () => list(text(300), { maxItems: MAX_PRODUCTS });

/** The attributes by type: what each carries beside its type. */
const FIELDS = {
  ctmrinfo: {
    info: open({
      ctype: optional(200, 'Type or tier of the customer.'),
      cstatus: optional(200, 'Status of the customer.'),
      balance: number(),
      currency: optional(10),
      customerId: optional(200),
      socialId: optional(200),
      imei: optional(100),
      userName: optional(200),
      companySize: whole(0, 1_000_000_000),
      companyBranch: optional(200),
      accountName: optional(200),
      role: optional(200),
      lastPaymentDate: day(),
      registrationDate: day(),
      loginStatus: optional(50),
      storeZipCode: optional(50),
      storeNumber: optional(50),
    }),
  },
  personal: {
    personal: open({
      firstname: optional(200),
      lastname: optional(200),
      age: Type.Optional(
        open({
          age: Type.Optional(Type.Number({ minimum: 0, maximum: 200 })),
          year: whole(1, 9999),
          month: whole(1, 12),
          day: whole(1, 31),
        }),
      ),
      contacts: list(
        open({
          email: optional(254),
          phone: optional(50),
          phoneType: optional(20),
          address: Type.Optional(
            open({ country: optional(100), region: optional(100), zipCode: optional(50) }),
          ),
        }),
        { maxItems: 20 },
      ),
      gender: Type.Optional(Type.Enum(['MALE', 'FEMALE', 'OTHER', '0', '1', '2'])),
      company: optional(200),
      language: optional(35),
    }),
  },
  mrktInfo: {
    info: orNothing({
      channel: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 4,
          description: '0 direct, 1 search, 2 social, 3 mail, 4 referral.',
        }),
      ),
      affiliate: optional(200),
      campaignId: optional(200),
    }),
  },
  purchase: {
    total: number(),
    currency: optional(10),
    orderId: optional(200),
    cart: Type.Optional(
      open({ numItems: Type.Optional(Type.Integer({ minimum: 0 })), products: products() }),
    ),
  },
  lead: {
    lead: orNothing({
      topic: optional(300),
      value: number(),
      currency: optional(10),
      leadId: optional(200),
    }),
  },
  service: {
    service: orNothing({
      topic: optional(300),
      status: whole(0, 13),
      category: optional(200),
      serviceId: optional(200),
    }),
  },
  viewedProduct: { currency: optional(10), products: products() },
  prodView: { currency: optional(10), products: products() },
  cart: {
    total: Type.Number(),
    currency: optional(10),
    numItems: Type.Integer({ minimum: 0 }),
    products: products(),
  },
  error: {
    error: orNothing({
      contextId: optional(300),
      message: optional(1_000),
      code: optional(100),
      level: Type.Optional(Type.Integer()),
      resolved: Type.Optional(Type.Boolean()),
    }),
  },
  searchContent: { keywords: keywords() },
  searchInfo: { keywords: keywords() },
} as const satisfies Record<string, TProperties>;

/** Types of engagement attributes. */
export type EngagementAttributeType = keyof typeof FIELDS;

const branch = <const T extends string, P extends TProperties>(type: T, properties: P) =>
  open({ type: Type.Literal(type), ...properties });

const EngagementAttribute = choice('type', [
  branch('ctmrinfo', FIELDS.ctmrinfo),
  branch('personal', FIELDS.personal),
  branch('mrktInfo', FIELDS.mrktInfo),
  branch('purchase', FIELDS.purchase),
  branch('lead', FIELDS.lead),
  branch('service', FIELDS.service),
  branch('viewedProduct', FIELDS.viewedProduct),
  branch('prodView', FIELDS.prodView),
  branch('cart', FIELDS.cart),
  branch('error', FIELDS.error),
  branch('searchContent', FIELDS.searchContent),
  branch('searchInfo', FIELDS.searchInfo),
]);
export type EngagementAttribute = Type.Static<typeof EngagementAttribute>;

/**
 * Browsers and apps report addresses by themselves: a report does not fail for one that may not be
 * shown as a link, the address is left out.
 */
const page = (max: number, description?: string) =>
  address('page', max, { unfit: 'omit', ...(description === undefined ? {} : { description }) });

const Page = Type.Object({
  id: Type.Optional(text(50, 'The id of a page reported before. If omitted: a new page.')),
  url: page(MAX_URL),
  title: optional(300),
  referrer: Type.Optional(page(MAX_URL)),
  timeOnPage: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 86_400_000, description: 'Milliseconds.' }),
  ),
});

export const engagementRequestDocument = defineDocument({
  name: 'engagementRequest',
  root: null,
  xmlRoot: 'engagementRequest',
  style: 'plain',
  body: 'optional',
  description: 'What a page or app reports of a visit.',
  schema: Type.Object({
    appType: optional(50, 'MSDK, EXTERNAL, WEB …'),
    appDetails: Type.Optional(
      Type.Object({
        os: optional(100, 'WINDOWS, MAC_OSX, LINUX, IOS, ANDROID …'),
        osVersion: optional(100),
        appVersion: optional(100),
        deviceFamily: optional(50, 'DESKTOP, TABLET or MOBILE.'),
        ipAddress: optional(64, 'Used only with trusted app keys.'),
        screen: optional(20, 'Pixels: 1920x1080.'),
        language: optional(35, 'BCP 47 tag.'),
        timeZone: optional(64, 'IANA name.'),
        referrer: Type.Optional(page(MAX_URL, 'The page on another site that led here.')),
      }),
    ),
    consumerSections: list(text(200), { maxItems: MAX_REPORTED }),
    engagementAttributes: list(EngagementAttribute, { maxItems: MAX_REPORTED }),
    pages: list(Page, { maxItems: MAX_REPORTED, description: 'Pages opened, oldest first.' }),
    pageId: optional(50, 'The page to which the attributes belong.'),
    impAttributes: list(free('Accepted, but not stored.'), { maxItems: MAX_REPORTED }),
  }),
});
export type EngagementRequest = DocumentValue<typeof engagementRequestDocument>;

/** A number that the original API writes as a text. */
const idText = () => stringly(Type.Integer());

export const engagementDocument = defineDocument({
  name: 'engagement',
  root: null,
  xmlRoot: 'engagement',
  style: 'plain',
  description: 'What can be offered to the visitor now, and the ids of the visit.',
  schema: Type.Object({
    status: Type.Enum(['Available', 'NotAvailable']),
    engagementDetails: Type.Optional(
      Type.Object({
        campaignId: idText(),
        engagementId: idText(),
        contextId: Type.String(),
        windowId: idText(),
        language: Type.String(),
        engagementRevision: Type.Integer(),
        validForSeconds: Type.Integer(),
        skillId: Type.Optional(Type.Integer()),
        skillName: Type.Optional(Type.String()),
        connectorId: Type.Optional(
          Type.Integer({
            description:
              'The connection for authenticating the visitor. Send it as authChatConnId.',
          }),
        ),
      }),
    ),
    pageId: Type.String(),
    sessionId: Type.String(),
    visitorId: Type.String(),
  }),
});
export type EngagementDocument = DocumentValue<typeof engagementDocument>;

const epochMs = () => Type.Integer({ description: 'Epoch milliseconds.' });

/** The facts of a visit, as `visitState` has them twice. */
const VisitFacts = {
  id: Type.String({ description: "The visit's session id." }),
  visitorId: Type.String(),
  startTime: epochMs(),
  lastSeen: epochMs(),
  pages: list(
    Type.Object({
      id: Type.String(),
      url: page(MAX_URL),
      pageTitle: Type.Optional(Type.String()),
      referrer: Type.Optional(page(MAX_URL)),
      startTime: epochMs(),
      timeOnPage: Type.Integer({ description: 'Milliseconds.' }),
    }),
    { description: 'Oldest first.' },
  ),
  events: list(free(), { description: 'Engagement attributes, newest first.' }),
  engagements: list(free(), { description: 'What was offered.' }),
  userAgent: Type.Optional(Type.String()),
  browser: Type.Optional(Type.String()),
  deviceOS: Type.Optional(Type.String()),
  deviceFamily: Type.Optional(Type.Enum(['DESKTOP', 'TABLET', 'MOBILE'])),
  mobileDeviceInfo: Type.Optional(free('Whether it is a mobile device, and which.')),
  ipv4: Type.Optional(Type.String()),
  ipv6: Type.Optional(Type.String()),
  geo: Type.Optional(
    Type.Object({
      country: Type.Optional(Type.String()),
      countryCode: Type.Optional(Type.String()),
      state: Type.Optional(Type.String()),
      city: Type.Optional(Type.String()),
    }),
  ),
  externalReferrer: Type.Optional(page(MAX_URL)),
  language: Type.Optional(Type.String()),
  timeZone: Type.Optional(Type.String()),
  screen: Type.Optional(Type.String()),
  sections: list(Type.String()),
  customerInfo: Type.Optional(free('The latest one reported.')),
  personalInfo: Type.Optional(free('The latest one reported.')),
  marketingCampaignInfo: Type.Optional(free('The latest one reported.')),
  cart: Type.Optional(free('The latest one reported.')),
  viewedProduct: list(free(), { description: 'Newest first.' }),
  purchases: list(free(), { description: 'Newest first.' }),
  leads: list(free(), { description: 'Newest first.' }),
  serviceActivity: list(free(), { description: 'Newest first.' }),
  visitorError: list(free(), { description: 'Newest first.' }),
  searchContent: list(Type.String(), { description: 'Keywords, newest first.' }),
};

export const visitStateDocument = defineDocument({
  name: 'visitState',
  root: null,
  xmlRoot: 'visitState',
  style: 'plain',
  description: 'Everything known about a visit. Older clients read it from appSessions.',
  schema: Type.Object({ ...VisitFacts, appSessions: list(Type.Object(VisitFacts)) }),
});
export type VisitState = Omit<DocumentValue<typeof visitStateDocument>, 'appSessions'>;
