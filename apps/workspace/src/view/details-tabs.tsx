/** The tabs of the details: what the workspace knows itself, and pages of the account's other systems. */
import { type ReactNode, useState } from 'react';
import { Tabs } from '../parts/tabs.js';
import { useTexts } from '../texts/index.js';
import { useWorkspace } from './workspace-context.js';
import styles from './details.module.css';
import { PageFrame } from './page-frame.js';

const VISITOR = 'details-visitor';

/** @param children the details themselves: without pages nothing stands around them */
export function DetailsTabs({
  chat,
  skillId,
  children,
}: {
  readonly chat: string;
  readonly skillId: number | null;
  readonly children: ReactNode;
}) {
  const say = useTexts();
  const all = useWorkspace(({ library }) => library.pages);
  const [selected, setSelected] = useState(VISITOR);
  /** Pages that were opened once: they load when they are looked at, and stay. */
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const pages = all.filter(
    ({ url, skillIds }) =>
      // A page of this server would be no stranger to the workspace: it could reach into it.
      new URL(url).origin !== location.origin &&
      (skillIds.length === 0 || (skillId !== null && skillIds.includes(skillId))),
  );
  if (pages.length === 0) return children;
  const tabs = [
    { id: VISITOR, title: say('details.visitor'), view: children },
    ...pages.map((page) => {
      const id = `details-${page.frame}`;
      const view = opened.has(id) && (
        <PageFrame chat={chat} page={page} isShown={selected === id} />
      );
      return { id, title: page.title, view };
    }),
  ];
  return (
    <Tabs
      label={say('details.tabs')}
      tabs={tabs}
      selected={tabs.some(({ id }) => id === selected) ? selected : VISITOR}
      onSelect={(id) => {
        setSelected(id);
        setOpened(new Set([...opened, id]));
      }}
      classes={{
        list: styles['tabs'] ?? '',
        tab: styles['tab'] ?? '',
        panel: styles['panel'] ?? '',
      }}
    />
  );
}
