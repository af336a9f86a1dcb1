/** All commands, chats and places, found by typing: Ctrl+K. */
import * as Ariakit from '@ariakit/react';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { fold } from '../compose/canned.js';
import { byNeed } from '../state/chats.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import { useController, useWorkspace } from './workspace-context.js';
import styles from './palette.module.css';
import { chatPath, usePlaces } from './paths.js';

/** Something that can be done. */
export interface PaletteCommand {
  readonly key: string;
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly act: () => void;
}

const PRESENCES = ['Online', 'Occupied', 'Away'] as const;

export function Palette({
  commands,
  onClose,
}: {
  readonly commands: readonly PaletteCommand[];
  readonly onClose: () => void;
}) {
  const say = useTexts();
  const controller = useController();
  const [, go] = useLocation();
  const places = usePlaces();
  const isAgent = useWorkspace((state) => state.isAgent);
  const [query, setQuery] = useState('');
  const all = useMemo((): readonly PaletteCommand[] => {
    const { chats } = controller.store.getState();
    return [
      ...byNeed(chats).map((id) => {
        const name = givenName(chats[id]?.info.visitorName) || say('ring.visitor');
        return {
          key: `chat-${id}`,
          label: say('palette.chat', { name }),
          act: () => go(chatPath(id)),
        };
      }),
      ...commands,
      ...(isAgent ? PRESENCES : []).map((presence) => ({
        key: presence,
        label: say('palette.be', { state: say(`availability.${presence}`) }),
        act: () => void controller.setAvailability(presence),
      })),
      ...(places.length > 1 ? places : []).map((place) => ({
        key: `place-${place}`,
        label: say('palette.place', { place: say(`rail.${place}`) }),
        act: () => go(place === 'admin' ? '/admin/users' : `/${place}`),
      })),
    ];
  }, [commands, controller, go, isAgent, places, say]);
  const words = fold(query).split(/\s+/).filter(Boolean);
  const found = all.filter(({ label }) => words.every((word) => fold(label).includes(word)));
  return (
    <Ariakit.Dialog
      open
      onClose={onClose}
      backdrop={<div className={styles['backdrop']} />}
      className={styles['palette']}
      aria-label={say('palette.title')}
    >
      <Ariakit.ComboboxProvider
        open
        value={query}
        setValue={setQuery}
        setOpen={(open) => {
          if (!open) onClose();
        }}
      >
        <Ariakit.Combobox
          autoSelect="always"
          autoFocus
          className={styles['search']}
          placeholder={say('palette.hint')}
          aria-label={say('palette.title')}
        />
        <Ariakit.ComboboxList className={styles['list']} alwaysVisible>
          {found.map(({ key, label, shortcut, act }) => (
            <Ariakit.ComboboxItem
              key={key}
              className={styles['item']}
              hideOnClick={false}
              setValueOnClick={false}
              onClick={() => {
                onClose();
                // The dialog gives the focus back first: a command may take it somewhere else.
                setTimeout(act, 0);
              }}
            >
              <span className={styles['label']} dir="auto">
                {label}
              </span>
              {shortcut !== undefined && <kbd>{shortcut}</kbd>}
            </Ariakit.ComboboxItem>
          ))}
        </Ariakit.ComboboxList>
        {found.length === 0 && (
          <p className={styles['none']} role="status">
            {say('composer.none')}
          </p>
        )}
      </Ariakit.ComboboxProvider>
    </Ariakit.Dialog>
  );
}
