/** The list that opens above the composer behind `/` and `:`, and the keys that work in it. */
import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import { useIntl } from 'react-intl';
import { blanksOf, cannedMatches, cannedTexts, filledIn } from '../compose/canned.js';
import { type Completing, completingAt } from '../compose/completing.js';
import { writeInto } from '../compose/field.js';
import { emojiMatches, useEmoji } from '../compose/use-emoji.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import type { Choice, CompletionProps } from './completion.js';
import { useChat, useController, useWorkspace } from './workspace-context.js';

/** Choices that are shown: who needs more types on. */
const MAX_CHOICES = 30;

export interface CompletionState {
  /** What is shown; null while nothing is to be completed. */
  readonly props: CompletionProps | null;
  /** Looks at what stands before the caret. */
  look(): void;
  close(): void;
  /** @returns whether the key was for the list */
  pressed(event: KeyboardEvent<HTMLTextAreaElement>): boolean;
}

/** @param onCanned called with a canned text that was written into the field */
export function useCompletion(
  chatId: string,
  field: RefObject<HTMLTextAreaElement | null>,
  onCanned: (text: string) => void,
): CompletionState {
  const say = useTexts();
  const controller = useController();
  const id = useId();
  const { locale } = useIntl();
  const [at, setAt] = useState<Completing | null>(null);
  const [active, setActive] = useState(0);
  /** Where the list was closed: it stays closed until another sign is typed. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const canned = useWorkspace(({ library }) => library.canned);
  const nickname = useWorkspace(({ me }) => me?.agentName ?? '');
  const info = useChat(chatId)?.info;
  const emoji = useEmoji(at?.kind === 'emoji');

  const choices = at === null ? [] : choicesOf(at).slice(0, MAX_CHOICES);
  function choicesOf({ kind, query }: Completing): readonly Choice[] {
    if (kind === 'emoji') {
      return emojiMatches(emoji, query, locale).map(({ sign, name }) => ({
        key: sign,
        sign,
        label: name,
        text: sign,
      }));
    }
    const values = {
      visitorName: givenName(info?.visitorName),
      agentName: nickname,
      skillName: info?.skillName ?? '',
    };
    const texts = cannedTexts(canned, [info?.language ?? '', locale].filter(Boolean));
    return cannedMatches(texts, query).map((each) => ({
      key: String(each.id),
      label: each.title,
      text: filledIn(each.text, values),
    }));
  }

  const look = () => {
    const element = field.current;
    if (element === null) return;
    const { value, selectionStart, selectionEnd } = element;
    const found = completingAt(value, selectionStart === selectionEnd ? selectionEnd : null);
    if (found?.kind === 'canned' && at === null) controller.refreshLibrary();
    if (found?.query !== at?.query || found?.from !== at?.from) setActive(0);
    if (found === null || found.from !== closedAt) setClosedAt(null);
    setAt(found !== null && found.from === closedAt ? null : found);
  };
  const close = () => {
    setClosedAt(at?.from ?? null);
    setAt(null);
  };
  const choose = ({ text }: Choice) => {
    const element = field.current;
    if (element === null || at === null) return;
    setAt(null);
    writeInto(element, text, at.from, at.to);
    if (at.kind === 'emoji') return;
    onCanned(text);
    const blank = blanksOf(text)[0];
    if (blank === undefined) return;
    const place = at.from + text.indexOf(blank);
    element.setSelectionRange(place, place + blank.length);
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (at === null || event.ctrlKey || event.metaKey || event.altKey) return false;
    const count = choices.length;
    const chosen = choices[Math.min(active, count - 1)];
    if (event.key === 'Escape') close();
    else if (chosen === undefined) return false;
    else if (event.key === 'ArrowDown') setActive((active + 1) % count);
    else if (event.key === 'ArrowUp') setActive((active + count - 1) % count);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const isEmpty = choices.length === 0;
  const props: CompletionProps | null =
    // Emoji that do not exist are no reason to say anything: the text may go on `like :this`.
    at === null || (at.kind === 'emoji' && isEmpty)
      ? null
      : {
          id,
          title: say(at.kind === 'canned' ? 'composer.canned' : 'composer.emoji'),
          choices,
          active: Math.min(active, Math.max(0, choices.length - 1)),
          empty: say(canned.length === 0 ? 'composer.canned.none' : 'composer.none'),
          preview: at.kind === 'canned',
          onActive: setActive,
          onChoose: choose,
        };
  return { props, look, close, pressed };
}
