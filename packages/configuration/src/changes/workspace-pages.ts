/** Pages of others that the workspace shows beside chats. */
import type { Role } from '@parley/engine';
import {
  CONFIG_NAME_MAX,
  quoted,
  readLink,
  type SettingsChange,
  WireError,
} from '@parley/protocol';
import type { AccountConfiguration } from '../records/records.js';
import type { WorkspacePage } from '../records/settings-record.js';
import type { Draft } from './draft.js';
import { printable, refuse, unique } from './fields.js';

/** Where a page may be shown without TLS: on the machine of whoever looks at it. */
const OWN_MACHINE = new Set(['localhost', '127.0.0.1']);

/**
 * The pages as they are stored.
 * @throws WireError naming the page, the value and the rule.
 */
export function workspacePagesOf(
  draft: Draft,
  pages: NonNullable<SettingsChange['workspacePages']>,
): readonly WorkspacePage[] {
  // A skill that was deleted since stays named: without it the page would be shown beside all chats.
  const named = new Set(draft.before.settings.workspacePages.flatMap((page) => page.skillIds));
  return pages.map(({ title = '', url = '', skillIds = [], roles = [] }, index) => {
    const at = `workspacePages[${index}]`;
    const called = printable(`${at}.title`, title, CONFIG_NAME_MAX);
    if (called === '') return refuse(`${at}.title must not be empty: it names the tab.`);
    for (const id of skillIds) {
      if (draft.records.skill.get(id) === undefined && !named.has(id)) {
        throw new WireError('unknownSkill', `${at}.skillIds: there is no skill ${id}.`);
      }
    }
    return {
      title: called,
      url: urlOf(`${at}.url`, url),
      skillIds: unique(skillIds),
      roles: unique(roles),
    };
  });
}

function urlOf(field: string, value: string): string {
  const read = readLink('page', value);
  if (!read.ok) return refuse(`${field} ${read.problem}.`);
  const url = URL.canParse(read.text) ? new URL(read.text) : null;
  // What a policy of frames can name: it knows no addresses of version 6.
  const isNamed = url !== null && !url.hostname.startsWith('[');
  if (isNamed && (url.protocol === 'https:' || OWN_MACHINE.has(url.hostname))) return url.href;
  return refuse(
    `${field} ${quoted(value)} cannot be shown in the workspace: write an https:// address, or http:// on localhost.`,
  );
}

/** The pages that somebody with these roles sees. */
export function pagesFor(
  { settings }: Pick<AccountConfiguration, 'settings'>,
  roles: readonly Role[],
): readonly WorkspacePage[] {
  return settings.workspacePages.filter(
    (page) => page.roles.length === 0 || page.roles.some((role) => roles.includes(role)),
  );
}
