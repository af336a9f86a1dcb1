/** A table of what can be acted on: what went wrong stands above it, and its last column has the menus. */
import { MoreHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../parts/button.js';
import { Menu } from '../parts/menu.js';
import { ErrorText } from '../parts/small.js';
import styles from './board.module.css';
import { Scroll } from './scroll.js';
import { useBoardTexts } from './texts.js';

export function ActsTable({
  label,
  heads,
  error,
  children,
}: {
  readonly label: string;
  readonly heads: readonly string[];
  /** What went wrong with the last act; null for nothing. */
  readonly error: string | null;
  /** The rows. */
  readonly children: ReactNode;
}) {
  const say = useBoardTexts();
  return (
    <>
      {error !== null && <ErrorText>{error}</ErrorText>}
      <Scroll label={label}>
        <table className={styles['table']} data-acts>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
              <th scope="col">
                <span className="quiet">{say('board.actions', { name: '' })}</span>
              </th>
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </Scroll>
    </>
  );
}

/** What can be done to one of them. */
export function ActsMenu({
  name,
  onOpen,
  children,
}: {
  readonly name: string;
  readonly onOpen?: () => void;
  readonly children: ReactNode;
}) {
  const say = useBoardTexts();
  return (
    <Menu
      button={
        <IconButton label={say('board.actions', { name })}>
          <MoreHorizontal size={16} strokeWidth={1.75} aria-hidden />
        </IconButton>
      }
      {...(onOpen === undefined ? {} : { onOpen })}
    >
      {children}
    </Menu>
  );
}
