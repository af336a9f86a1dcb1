import * as Ariakit from '@ariakit/react';
import type { ReactNode } from 'react';

export interface TabSpec {
  readonly id: string;
  readonly title: string;
  /** False for a view that stays as it is, and cannot be chosen now. */
  readonly isOffered?: boolean;
  readonly view: ReactNode;
}

/** Views of which one is on screen; the others stay as they are. */
export function Tabs({
  label,
  tabs,
  selected,
  onSelect,
  classes,
}: {
  readonly label: string;
  readonly tabs: readonly TabSpec[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  readonly classes: { readonly list?: string; readonly tab?: string; readonly panel?: string };
}) {
  return (
    <Ariakit.TabProvider
      selectedId={selected}
      setSelectedId={(id) => {
        if (id) onSelect(id);
      }}
    >
      <Ariakit.TabList className={classes.list} aria-label={label}>
        {tabs
          .filter(({ isOffered = true }) => isOffered)
          .map(({ id, title }) => (
            <Ariakit.Tab key={id} id={id} className={classes.tab} dir="auto">
              {title}
            </Ariakit.Tab>
          ))}
      </Ariakit.TabList>
      {tabs.map(({ id, view }) => (
        <Ariakit.TabPanel key={id} tabId={id} className={classes.panel} focusable={false}>
          {view}
        </Ariakit.TabPanel>
      ))}
    </Ariakit.TabProvider>
  );
}
