/** Canned content: texts that agents say often, with hotkeys, per language and skill. */
import { type ConfiguredContent, TITLE_MAX, WireError } from '@parley/protocol';
import type { CannedContentRecord, NewRecord, Stored } from '../records/records.js';
import type { Draft } from './draft.js';
import { omitUndefined, languageOf, nameOf, printable, refuse, unique } from './fields.js';

/** What is filled in when an agent uses the text. */
const PLACEHOLDERS = ['visitorName', 'agentName', 'skillName'] as const;

/** Keys that are held down with another, in the order in which they are written. */
export const MODIFIERS = ['Ctrl', 'Alt', 'Shift', 'Meta'] as const;
const KEY = /^(?:[A-Z0-9]|F(?:[1-9]|1[0-2]))$/;

export function serializeContent(content: Stored<'cannedContent'>): ConfiguredContent {
  return {
    id: content.id,
    name: content.name,
    isEnabled: content.enabled,
    hotkey: content.hotkey,
    categoryIds: [...content.categoryIds],
    skillIds: [...content.skillIds],
    texts: content.texts.map(({ language, text, title }) => ({
      language,
      text,
      ...omitUndefined({ title }),
    })),
  };
}

/** Adds a text; answers its id. */
export function addContent(draft: Draft, change: ConfiguredContent): number {
  const name = nameOf('name', change.name);
  const { texts } = change;
  if (texts === undefined || texts.length === 0) {
    return refuse('texts is required: one text for each language, [{"language", "text"}].');
  }
  const record: NewRecord<'cannedContent'> = {
    enabled: true,
    hotkey: '',
    categoryIds: [],
    skillIds: [],
    texts: [],
    ...fieldsOf(change, null),
    name,
  };
  const id = draft.create('cannedContent', record);
  checkHotkey(draft, id);
  draft.note('cannedContent.create', `cannedContent:${id}`, { name });
  return id;
}

export function alterContent(draft: Draft, id: number, change: ConfiguredContent): void {
  const name = change.name === undefined ? undefined : nameOf('name', change.name);
  if (change.texts?.length === 0) refuse('texts must hold at least one text.');
  const before = draft.require('cannedContent', id);
  const fields = { ...fieldsOf(change, before), ...omitUndefined({ name }) };
  const changed = draft.update('cannedContent', id, fields);
  checkHotkey(draft, id);
  if (Object.keys(changed).length > 0) {
    draft.note('cannedContent.change', `cannedContent:${id}`, changed);
  }
}

export function removeContent(draft: Draft, id: number): void {
  const { name } = draft.require('cannedContent', id);
  draft.remove('cannedContent', id);
  draft.note('cannedContent.delete', `cannedContent:${id}`, { name });
}

function fieldsOf(
  change: ConfiguredContent,
  before: CannedContentRecord | null,
): Partial<CannedContentRecord> {
  const { isEnabled, hotkey, categoryIds, skillIds, texts } = change;
  return omitUndefined({
    enabled: isEnabled,
    // What another form of the same record was given need not be what this one allows.
    hotkey: hotkey === undefined || hotkey === before?.hotkey ? hotkey : hotkeyOf(hotkey),
    categoryIds: categoryIds === undefined ? undefined : unique(categoryIds),
    skillIds: skillIds === undefined ? undefined : unique(skillIds),
    texts: texts === undefined ? undefined : textsOf(texts, before?.texts ?? []),
  });
}

function textsOf(
  texts: NonNullable<ConfiguredContent['texts']>,
  before: CannedContentRecord['texts'],
): CannedContentRecord['texts'] {
  const kept = texts.map(({ language: tag, text, title: asked }, index) => {
    const at = `texts[${index}]`;
    const language = languageOf(`${at}.language`, tag, 'refused');
    const known = before.find((each) => each.language === language);
    if (text.trim() === '') refuse(`${at}.text must not be empty.`);
    if (text !== known?.text) checkPlaceholders(at, text);
    const title = asked === undefined ? known?.title : printable(`${at}.title`, asked, TITLE_MAX);
    const isDefault = text === known?.text ? known.isDefault : undefined;
    return { language, text, ...omitUndefined({ title: title || undefined, isDefault }) };
  });
  const languages = kept.map(({ language }) => language);
  const twice = languages.find((language, index) => languages.indexOf(language) !== index);
  if (twice !== undefined) refuse(`texts holds two for ${twice}: give one for each language.`);
  return kept;
}

/** @throws WireError for a placeholder that nothing is filled in for. */
function checkPlaceholders(at: string, text: string): void {
  for (const [, word = ''] of text.matchAll(/\{(\w+)\}/g)) {
    if (PLACEHOLDERS.some((known) => known === word)) continue;
    refuse(
      `${at}.text has {${word}}, which nothing is filled in for: there are {${PLACEHOLDERS.join('}, {')}}.`,
    );
  }
}

/** The keys in one spelling: `ctrl + shift+ k` is `Ctrl+Shift+K`. */
function hotkeyOf(value: string): string {
  if (value.trim() === '') return '';
  const parts = value.split('+').map((part) => part.trim());
  const key = parts.pop()?.toUpperCase() ?? '';
  const modifiers = MODIFIERS.filter((name) =>
    parts.some((part) => part.toLowerCase() === name.toLowerCase()),
  );
  if (modifiers.length > 0 && modifiers.length === parts.length && KEY.test(key)) {
    return [...modifiers, key].join('+');
  }
  return refuse(
    `hotkey "${value.slice(0, 40)}" is none: write ${MODIFIERS.join(', ')} and a letter, digit or F1 to F12, such as Ctrl+Shift+1.`,
  );
}

/**
 * Two texts that the same agent may have cannot lie on the same keys.
 * @throws WireError 409 naming the other.
 */
export function checkHotkey(draft: Draft, id: number): void {
  const content = draft.require('cannedContent', id);
  if (content.hotkey === '' || !content.enabled) return;
  for (const other of draft.records.cannedContent.values()) {
    if (other.id === id || !other.enabled || other.hotkey !== content.hotkey) continue;
    const apart =
      content.skillIds.length > 0 &&
      other.skillIds.length > 0 &&
      !other.skillIds.some((skillId) => content.skillIds.includes(skillId));
    if (apart) continue;
    throw new WireError(
      'conflict',
      `hotkey ${content.hotkey} is taken by "${other.name}" (${other.id}): choose other keys.`,
    );
  }
}
