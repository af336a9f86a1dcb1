import * as Ariakit from '@ariakit/react';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import styles from './parts.module.css';

/** @param button the element that opens it */
export function Menu({
  button,
  onOpen,
  children,
}: {
  readonly button: ReactElement<Record<string, unknown>>;
  readonly onOpen?: () => void;
  readonly children: ReactNode;
}) {
  const menu = Ariakit.useMenuStore({
    placement: 'bottom-end',
    setOpen: (open) => {
      if (open) onOpen?.();
    },
  });
  return (
    <Ariakit.MenuProvider store={menu}>
      <Ariakit.MenuButton render={button} />
      <Ariakit.Menu
        className={styles['menu']}
        gutter={4}
        portal
        // Tab leaves a menu for its button: no element of its own has to catch the focus.
        preserveTabOrder={false}
        onKeyDown={(event) => {
          if (event.key !== 'Tab') return;
          event.preventDefault();
          menu.hide();
        }}
        unmountOnHide
      >
        {children}
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}

export function MenuItem({
  children,
  onClick,
  checked,
  inner = false,
  role = 'menuitemradio',
}: {
  readonly children: ReactNode;
  readonly onClick: () => void;
  /** Of choices: whether it is the one. */
  readonly checked?: boolean;
  /** Whether it belongs to the one above. */
  readonly inner?: boolean;
  /** Of a choice: one of several, or one that is on or off. */
  readonly role?: 'menuitemradio' | 'menuitemcheckbox';
}) {
  const inside = (
    <>
      <span className={styles['itemText']}>{children}</span>
      {checked && <Check size={16} strokeWidth={1.75} aria-hidden />}
    </>
  );
  return checked === undefined ? (
    <Ariakit.MenuItem className={styles['item']} onClick={onClick}>
      {inside}
    </Ariakit.MenuItem>
  ) : (
    <Ariakit.MenuItem
      className={styles['item']}
      data-inner={inner}
      onClick={onClick}
      role={role}
      aria-checked={checked}
    >
      {inside}
    </Ariakit.MenuItem>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return <div className={styles['menuLabel']}>{children}</div>;
}

export function MenuSeparator() {
  return <Ariakit.MenuSeparator className={styles['separator']} />;
}
