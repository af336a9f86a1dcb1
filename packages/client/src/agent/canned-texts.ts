/** Canned texts that the agent may use. */
import { docOf, listOf } from '../core/document.js';

/** A text that agents say often. */
export interface CannedText {
  readonly id: number;
  readonly name: string;
  readonly texts: readonly {
    /** A BCP 47 tag. */
    readonly language: string;
    /** `{visitorName}`, `{agentName}` and `{skillName}` stand for what is known when it is said. */
    readonly text: string;
    /** What it is called, where that is not the name. */
    readonly title?: string;
  }[];
}

export function readCannedTexts(body: unknown): readonly CannedText[] {
  return listOf(docOf(body, 'cannedTexts')['cannedText']).map(({ id, name, text }) => ({
    id: Number(id),
    name: String(name),
    texts: listOf(text) as unknown as CannedText['texts'],
  }));
}
