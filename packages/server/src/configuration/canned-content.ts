/** Canned content: texts that agents say often, with hotkeys, per language and skill. */
import { type ConfiguredCategory, type ConfiguredContent, WireError } from '@parley/protocol';
import type { CannedContentRecord, Stored } from '../config/records.js';
import type { Draft } from './draft.js';
import { given, languageOf, nameOf, refuse, unique } from './fields.js';

/** What is filled in when an agent uses the text. */
const PLACEHOLDERS = ['visitorName', 'agentName', 'skillName'] as const;

const MODIFIERS = ['Ctrl', 'Alt', 'Shift', 'Meta'] as const;
const KEY = /^(?:[A-Z0-9]|F(?:[1-9]|1[0-2]))$/;

export function tellContent(content: Stored<'cannedContent'>): ConfiguredContent {
  return {
    id: content.id,
    name: content.name,
    isEnabled: content.enabled,
    hotkey: content.hotkey,
    categoryIds: [...content.categoryIds],
    skillIds: [...content.skillIds],
    texts: content.texts.map((text) => ({ ...text })),
  };
}

/** Adds a text; answers its id. */
export function addContent(draft: Draft, change: ConfiguredContent): number {
  const name = nameOf('name', change.name);
  const { texts } = change;
  if (texts === undefined || texts.length === 0) {
    return refuse('texts is required: one text for each language, [{"language", "text"}].');
  }
  const record: Omit<CannedContentRecord, 'changedAt'> = {
    enabled: true,
    hotkey: '',
    categoryIds: [],
    skillIds: [],
    texts: [],
    ...fieldsOf(change),
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
  const changed = draft.update('cannedContent', id, { ...fieldsOf(change), ...given({ name }) });
  checkHotkey(draft, id);
  if (Object.keys(changed).length > 0) {
    draft.note('cannedContent.change', `cannedContent:${id}`, changed);
  }
}

export function removeContent(draft: Draft, id: number): void {
  const { name } = draft.must('cannedContent', id);
  draft.remove('cannedContent', id);
  draft.note('cannedContent.delete', `cannedContent:${id}`, { name });
}

function fieldsOf(change: ConfiguredContent): Partial<CannedContentRecord> {
  const { isEnabled, hotkey, categoryIds, skillIds, texts } = change;
  return given({
    enabled: isEnabled,
    hotkey: hotkey === undefined ? undefined : hotkeyOf(hotkey),
    categoryIds: categoryIds === undefined ? undefined : unique(categoryIds),
    skillIds: skillIds === undefined ? undefined : unique(skillIds),
    texts: texts === undefined ? undefined : textsOf(texts),
  });
}

function textsOf(texts: NonNullable<ConfiguredContent['texts']>): CannedContentRecord['texts'] {
  const kept = texts.map(({ language, text }, index) => {
    const at = `texts[${index}]`;
    if (text.trim() === '') refuse(`${at}.text must not be empty.`);
    for (const [, word = ''] of text.matchAll(/\{(\w+)\}/g)) {
      if (!PLACEHOLDERS.some((known) => known === word)) {
        refuse(
          `${at}.text has {${word}}, which nothing is filled in for: there are {${PLACEHOLDERS.join('}, {')}}.`,
        );
      }
    }
    return { language: languageOf(`${at}.language`, language, 'refused'), text };
  });
  const languages = kept.map(({ language }) => language);
  const twice = languages.find((language, index) => languages.indexOf(language) !== index);
  if (twice !== undefined) refuse(`texts holds two for ${twice}: give one for each language.`);
  return kept;
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

/** Two texts that the same agent may have cannot lie on the same keys. */
function checkHotkey(draft: Draft, id: number): void {
  const content = draft.must('cannedContent', id);
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

export function tellCategory({ id, name }: Stored<'cannedCategory'>): ConfiguredCategory {
  return { id, name };
}

export function addCategory(draft: Draft, change: ConfiguredCategory): number {
  const name = nameOf('name', change.name);
  const id = draft.create('cannedCategory', { name });
  draft.note('cannedCategory.create', `cannedCategory:${id}`, { name });
  return id;
}

export function alterCategory(draft: Draft, id: number, change: ConfiguredCategory): void {
  if (change.name === undefined) return;
  const changed = draft.update('cannedCategory', id, { name: nameOf('name', change.name) });
  if (Object.keys(changed).length > 0) {
    draft.note('cannedCategory.change', `cannedCategory:${id}`, changed);
  }
}

/** Deletes a category; the texts in it stay, without it. */
export function removeCategory(draft: Draft, id: number): void {
  const { name } = draft.must('cannedCategory', id);
  for (const { id: contentId, categoryIds } of draft.records.cannedContent.values()) {
    if (!categoryIds.includes(id)) continue;
    const kept = categoryIds.filter((each) => each !== id);
    draft.update('cannedContent', contentId, { categoryIds: kept });
  }
  draft.remove('cannedCategory', id);
  draft.note('cannedCategory.delete', `cannedCategory:${id}`, { name });
}
