/** Emoji to choose from, found by name. They come with the page: none are fetched from elsewhere. */
import * as Ariakit from '@ariakit/react';
import { Smile } from 'lucide-react';
import { useDeferredValue, useId, useState } from 'react';
import { useIntl } from 'react-intl';
import { IconButton } from '../parts/button.js';
import { emojiMatches, useEmoji } from '../compose/use-emoji.js';
import { useTexts } from '../texts/index.js';
import styles from './emoji-menu.module.css';

const IN_A_ROW = 8;

export function EmojiMenu({ onChoose }: { readonly onChoose: (sign: string) => void }) {
  const say = useTexts();
  const popover = Ariakit.usePopoverStore({ placement: 'top-end' });
  return (
    <>
      <Ariakit.PopoverDisclosure
        store={popover}
        render={
          <IconButton label={say('composer.emoji')} shortcut=":">
            <Smile size={16} strokeWidth={1.75} aria-hidden />
          </IconButton>
        }
      />
      <Ariakit.Popover
        store={popover}
        className={styles['popover']}
        aria-label={say('composer.emoji')}
        gutter={4}
        unmountOnHide
      >
        <EmojiGrid
          onChoose={(sign) => {
            popover.hide();
            onChoose(sign);
          }}
        />
      </Ariakit.Popover>
    </>
  );
}

/** All emoji, or those that fit. */
export function EmojiGrid({
  onChoose,
  first = '',
}: {
  readonly onChoose: (sign: string) => void;
  /** What is looked for at first. */
  readonly first?: string;
}) {
  const say = useTexts();
  const { locale } = useIntl();
  const all = useEmoji(true);
  const [query, setQuery] = useState(first);
  const found = emojiMatches(all, useDeferredValue(query), locale);
  const label = useId();
  const rows = Array.from({ length: Math.ceil(found.length / IN_A_ROW) }, (_, row) =>
    found.slice(row * IN_A_ROW, (row + 1) * IN_A_ROW),
  );
  return (
    <>
      <label id={label} className={styles['label']}>
        {say('composer.emoji.search')}
        <input
          className={styles['search']}
          type="search"
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
      </label>
      {found.length === 0 ? (
        <p className={styles['none']} role="status">
          {say('composer.none')}
        </p>
      ) : (
        <Ariakit.CompositeProvider focusLoop>
          <Ariakit.Composite
            className={styles['grid']}
            role="group"
            aria-label={say('composer.emoji')}
          >
            {rows.map((row) => (
              <Ariakit.CompositeRow key={row[0]?.sign} className={styles['row']}>
                {row.map(({ sign, name }) => (
                  <Ariakit.CompositeItem
                    key={sign}
                    className={styles['emoji']}
                    aria-label={name}
                    title={name}
                    onClick={() => onChoose(sign)}
                  >
                    {sign}
                  </Ariakit.CompositeItem>
                ))}
              </Ariakit.CompositeRow>
            ))}
          </Ariakit.Composite>
        </Ariakit.CompositeProvider>
      )}
    </>
  );
}
