/** Cards of rich-content lines. What is not known of them is left out; links lead where links may. */
import type { Line } from '@parley/client/visitor';
import type { ComponentChildren } from 'preact';
import { safeLink } from './html.js';

type Part = Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const partsOf = (value: unknown): readonly Part[] =>
  Array.isArray(value) ? value.filter(isPart) : [];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function Card({ content, say }: { content: unknown; say: (text: string) => void }) {
  return <div class="card">{element(content, say, 0)}</div>;
}

function element(content: unknown, say: (text: string) => void, key: number): ComponentChildren {
  if (!isPart(content)) return null;
  const children = () =>
    partsOf(content['elements']).map((each, index) => element(each, say, index));
  switch (content['type']) {
    case 'vertical':
    case 'list':
    case 'section':
      return (
        <div key={key} class="column">
          {children()}
        </div>
      );
    case 'horizontal':
    case 'carousel':
      return (
        <div key={key} class="side-by-side">
          {children()}
        </div>
      );
    case 'text':
      return <p key={key}>{textOf(content['text'])}</p>;
    case 'image': {
      const source = safeLink(textOf(content['url']));
      if (source === null) return null;
      const alt =
        textOf(content['alt']) || textOf(content['caption']) || textOf(content['tooltip']);
      return <img key={key} src={source} alt={alt} loading="lazy" referrerpolicy="no-referrer" />;
    }
    case 'button': {
      const { href, reply } = actionOf(content);
      const title = textOf(content['title']);
      if (href !== null) {
        return (
          <a key={key} class="button-like" href={href} target="_blank" rel="noopener noreferrer">
            {title}
          </a>
        );
      }
      return (
        <button key={key} type="button" class="button-like" onClick={() => say(reply ?? title)}>
          {title}
        </button>
      );
    }
    case 'map': {
      const href = `https://www.openstreetmap.org/?mlat=${Number(content['la'])}&mlon=${Number(content['lo'])}`;
      return (
        <a key={key} class="button-like" href={href} target="_blank" rel="noopener noreferrer">
          {textOf(content['tooltip']) || 'Map'}
        </a>
      );
    }
    default:
      return children();
  }
}

function actionOf(content: Part): { readonly href: string | null; readonly reply: string | null } {
  const click = isPart(content['click']) ? content['click'] : {};
  for (const action of partsOf(click['actions'])) {
    if (action['type'] === 'link') {
      const web = isPart(action['web']) ? action['web'] : {};
      return { href: safeLink(textOf(web['uri']) || textOf(action['uri'])), reply: null };
    }
    if (action['type'] === 'publishText') return { href: null, reply: textOf(action['text']) };
  }
  return { href: null, reply: null };
}

export interface QuickReply {
  readonly title: string;
  /** What is said by it. */
  readonly text: string;
}

/** Replies that the last line offers, to be taken with one touch; they are gone once something is said. */
export function quickRepliesOf(line: Line | undefined): readonly QuickReply[] {
  if (line?.source !== 'agent' || !isPart(line.json)) return [];
  const { quickReplies } = line.json;
  const replies = isPart(quickReplies) ? quickReplies['replies'] : quickReplies;
  return partsOf(replies)
    .map((reply) => {
      const title = textOf(reply['title']);
      return { title, text: actionOf(reply).reply ?? title };
    })
    .filter(({ title }) => title !== '');
}
