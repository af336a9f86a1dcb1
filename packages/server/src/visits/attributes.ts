/** Engagement attributes, as the visit information names them. */
import type { VisitAttribute } from '@parley/engine';
import type { EngagementAttribute, VisitState } from '@parley/protocol';

type Content = Readonly<Record<string, unknown>>;

/** An attribute under the name that the visit information has for it. */
interface NamedContent {
  readonly name: string;
  readonly content: Content;
  /** What the attribute holds beside that: fields of its sender's own. */
  readonly further: Content;
  /** Where the content stands in an event: under its name once more, or beside the time. */
  readonly place: 'inside' | 'beside';
}

/** The attribute as it was reported: only this build's code writes them. */
function reported({ data }: VisitAttribute): EngagementAttribute {
  return data as unknown as EngagementAttribute;
}

function named(attribute: EngagementAttribute): NamedContent {
  switch (attribute.type) {
    case 'ctmrinfo': {
      const { type: _, info, ...further } = attribute;
      const { cstatus, ctype, ...rest } = info;
      const content = { customerStatus: cstatus, customerType: ctype, ...rest };
      return { name: 'customerInfo', content, further, place: 'inside' };
    }
    case 'personal': {
      const { type: _, personal, ...further } = attribute;
      const { firstname, lastname, age, ...rest } = personal;
      const content = { name: firstname, surname: lastname, customerAge: ageOf(age), ...rest };
      return { name: 'personalInfo', content, further, place: 'inside' };
    }
    case 'mrktInfo': {
      const { type: _, info, ...further } = attribute;
      const { channel, ...rest } = info;
      const content = { originatingChannel: channel, ...rest };
      return { name: 'marketingCampaignInfo', content, further, place: 'inside' };
    }
    case 'lead': {
      const { type: _, lead, ...further } = attribute;
      return { name: 'lead', content: lead, further, place: 'inside' };
    }
    case 'service': {
      const { type: _, service, ...further } = attribute;
      return { name: 'serviceActivity', content: service, further, place: 'inside' };
    }
    case 'error': {
      const { type: _, error, ...further } = attribute;
      return { name: 'visitorError', content: error, further, place: 'inside' };
    }
    case 'purchase':
      return { name: 'purchase', ...whole(attribute) };
    case 'cart':
      return { name: 'cartStatus', ...whole(attribute) };
    case 'viewedProduct':
    case 'prodView':
      return { name: 'viewedProduct', ...whole(attribute) };
    case 'searchContent':
    case 'searchInfo':
      return { name: 'searchContent', ...whole(attribute) };
    default:
      return attribute satisfies never;
  }
}

type Age = Extract<EngagementAttribute, { type: 'personal' }>['personal']['age'];

function ageOf(given: Age): Content | undefined {
  if (given === undefined) return undefined;
  const { age, year, month, day, ...rest } = given;
  return {
    customerAgeInYears: age,
    customerYearOfBirth: year,
    customerMonthOfBirth: month,
    customerDateOfBirth: day,
    ...rest,
  };
}

/** An attribute whose content stands beside its type. */
function whole({ type: _, ...content }: EngagementAttribute): Omit<NamedContent, 'name'> {
  return { content, further: {}, place: 'beside' };
}

/** What the attributes of a visit, newest first, say of it. */
export function attributeFacts(attributes: readonly VisitAttribute[]) {
  const all = attributes.map((attribute) => named(reported(attribute)));
  const contents = (name: string) =>
    all.filter((each) => each.name === name).map(({ content }) => content);
  const [customer] = contents('customerInfo');
  const [personal] = contents('personalInfo');
  const [marketing] = contents('marketingCampaignInfo');
  const [cart] = contents('cartStatus');
  return {
    events: attributes.map((attribute, index) => eventOf(attribute, all[index])),
    ...(customer === undefined ? {} : { customerInfo: { customerInfo: customer } }),
    ...(personal === undefined ? {} : { personalInfo: { personalInfo: personal } }),
    ...(marketing === undefined
      ? {}
      : { marketingCampaignInfo: { marketingCampaignInfo: marketing } }),
    ...(cart === undefined ? {} : { cart: { cartStatus: cart } }),
    viewedProduct: contents('viewedProduct').flatMap(({ products }) => listed(products)),
    purchases: contents('purchase'),
    leads: contents('lead'),
    serviceActivity: contents('serviceActivity'),
    visitorError: contents('visitorError'),
    searchContent: contents('searchContent')
      .flatMap(({ keywords }) => listed(keywords))
      .map(String),
  } satisfies Partial<VisitState>;
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function eventOf({ at, pageId }: VisitAttribute, attribute: NamedContent | undefined): Content {
  if (attribute === undefined) return {};
  const { name, content, further, place } = attribute;
  const named = {
    ...further,
    ...(place === 'beside' ? content : { [name]: content }),
    serverTimeStamp: at,
    contexts: pageId === null ? {} : { page: { id: pageId } },
  };
  return { [name]: named };
}
