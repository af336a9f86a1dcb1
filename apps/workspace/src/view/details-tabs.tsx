/** The tabs of the details: what the workspace knows itself, and pages of the account's other systems. */
import { type ReactNode, useState } from 'react';
import { isBeside } from '../embed/beside.js';
import { Tabs } from '../parts/tabs.js';
import { useTexts } from '../texts/index.js';
import { useWorkspace } from './workspace-context.js';
import styles from './details.module.css';
import { PageFrame } from './page-frame.js';

const VISITOR = 'details-visitor';

/**
 * @param id the chat on screen
 * @param isShown whether the tabs are on screen
 * @param children the details themselves: without pages nothing stands around them
 */
export function DetailsTabs({
  id,
  isShown,
  children,
}: {
  readonly id: string | null;
  readonly isShown: boolean;
  readonly children: ReactNode;
}) {
  const say = useTexts();
  const all = useWorkspace(({ library }) => library.pages);
  const chat = useWorkspace(({ chats }) => (id === null ? undefined : chats[id]));
  const [chosen, setChosen] = useState(VISITOR);
  /** Pages that were opened once: they load when they are looked at, and stay, whichever chat is on screen. */
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const pages = all.flatMap((page) => {
    // A page of this server would be no stranger to the workspace: it could reach into it.
    if (new URL(page.url).origin === location.origin) return [];
    const tab = `details-${page.frame}`;
    const isOffered = chat !== undefined && isBeside(page, chat);
    return isOffered || opened.has(tab) ? [{ page, tab, isOffered }] : [];
  });
  if (pages.length === 0) return children;
  const isOpen = pages.some(({ tab, isOffered }) => isOffered && tab === chosen);
  const selected = isOpen ? chosen : VISITOR;
  return (
    <Tabs
      label={say('details.tabs')}
      tabs={[
        { id: VISITOR, title: say('details.visitor'), view: children },
        ...pages.map(({ page, tab, isOffered }) => ({
          id: tab,
          title: page.title,
          isOffered,
          view: opened.has(tab) && <PageFrame page={page} isShown={isShown && selected === tab} />,
        })),
      ]}
      selected={selected}
      onSelect={(tab) => {
        setChosen(tab);
        setOpened(new Set([...opened, tab]));
      }}
      classes={{
        list: styles['tabs'] ?? '',
        tab: styles['tab'] ?? '',
        panel: styles['panel'] ?? '',
      }}
    />
  );
}
