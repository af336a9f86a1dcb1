/** Engagement attributes, as the visit information names them. */
import type { VisitAttribute } from '@parley/engine';
import type { EngagementAttribute, VisitState } from '@parley/protocol';

type Content = Readonly<Record<string, unknown>>;

/** An attribute under the name that the visit information has for it. */
interface Told {
  readonly name: string;
  readonly content: Content;
  /** Where the content stands in an event: under its name once more, or beside the time. */
  readonly place: 'inside' | 'beside';
}

/** The attribute as it was reported: only this build's code writes them. */
function reported({ data }: VisitAttribute): EngagementAttribute {
  return data as unknown as EngagementAttribute;
}

function told(attribute: EngagementAttribute): Told {
  switch (attribute.type) {
    case 'ctmrinfo': {
      const { cstatus, ctype, ...rest } = attribute.info;
      const content = { customerStatus: cstatus, customerType: ctype, ...rest };
      return { name: 'customerInfo', content, place: 'inside' };
    }
    case 'personal': {
      const { firstname, lastname, age, ...rest } = attribute.personal;
      const customerAge =
        age === undefined
          ? undefined
          : {
              customerAgeInYears: age.age,
              customerYearOfBirth: age.year,
              customerMonthOfBirth: age.month,
              customerDateOfBirth: age.day,
            };
      const content = { name: firstname, surname: lastname, customerAge, ...rest };
      return { name: 'personalInfo', content, place: 'inside' };
    }
    case 'mrktInfo': {
      const { channel, ...rest } = attribute.info;
      const content = { originatingChannel: channel, ...rest };
      return { name: 'marketingCampaignInfo', content, place: 'inside' };
    }
    case 'lead':
      return { name: 'lead', content: attribute.lead, place: 'inside' };
    case 'service':
      return { name: 'serviceActivity', content: attribute.service, place: 'inside' };
    case 'error':
      return { name: 'visitorError', content: attribute.error, place: 'inside' };
    case 'purchase':
      return { name: 'purchase', content: withoutType(attribute), place: 'beside' };
    case 'cart':
      return { name: 'cartStatus', content: withoutType(attribute), place: 'beside' };
    case 'viewedProduct':
    case 'prodView':
      return { name: 'viewedProduct', content: withoutType(attribute), place: 'beside' };
    case 'searchContent':
    case 'searchInfo':
      return { name: 'searchContent', content: withoutType(attribute), place: 'beside' };
    default:
      return attribute satisfies never;
  }
}

function withoutType({ type: _, ...content }: EngagementAttribute): Content {
  return content;
}

/** What the attributes of a visit, newest first, say of it. */
export function attributeFacts(attributes: readonly VisitAttribute[]) {
  const all = attributes.map((attribute) => told(reported(attribute)));
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

function eventOf({ at, pageId }: VisitAttribute, attribute: Told | undefined): Content {
  if (attribute === undefined) return {};
  const { name, content, place } = attribute;
  const told = {
    serverTimeStamp: at,
    contexts: pageId === null ? {} : { page: { id: pageId } },
    ...(place === 'beside' ? content : { [name]: content }),
  };
  return { [name]: told };
}
