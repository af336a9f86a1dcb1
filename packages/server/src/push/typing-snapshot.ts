/** Who is typing in a chat, and what, as streams send it. */
import type { FeedReader, Typing } from '@parley/engine';
import type { StreamedInfo } from '@parley/protocol';

export interface TypingFacts {
  readonly agentTyping: Typing;
  readonly visitorTyping: Typing;
  /** What they are about to say; null when that is not shown. */
  readonly agentPreview: string | null;
  readonly visitorPreview: string | null;
}

/** Unchangeable: another one when something changed. */
export class TypingSnapshot {
  readonly facts: TypingFacts;

  constructor(facts: TypingFacts) {
    this.facts = facts;
  }

  isSame({ agentTyping, visitorTyping, agentPreview, visitorPreview }: TypingFacts): boolean {
    const { facts } = this;
    return (
      facts.agentTyping === agentTyping &&
      facts.visitorTyping === visitorTyping &&
      facts.agentPreview === agentPreview &&
      facts.visitorPreview === visitorPreview
    );
  }

  /** What is otherwise than it was before; a visitor is not sent what they type themselves. */
  changesFrom({ facts: before }: TypingSnapshot, reader: FeedReader): StreamedInfo {
    const { agentTyping, visitorTyping, agentPreview, visitorPreview } = this.facts;
    return {
      ...(agentTyping === before.agentTyping ? {} : { agentTyping }),
      ...(visitorTyping === before.visitorTyping ? {} : { visitorTyping }),
      ...(agentPreview === before.agentPreview ? {} : { agentPreview }),
      ...(reader === 'visitor' || visitorPreview === before.visitorPreview
        ? {}
        : { visitorPreview }),
    };
  }
}

export const NOBODY_TYPES = new TypingSnapshot({
  agentTyping: 'not-typing',
  visitorTyping: 'not-typing',
  agentPreview: null,
  visitorPreview: null,
});
