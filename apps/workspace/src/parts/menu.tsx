import * as Ariakit from '@ariakit/react';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import styles from './parts.module.css';

/** @param button the element that opens it */
export function Menu({
  button,
  children,
}: {
  readonly button: ReactElement<Record<string, unknown>>;
  readonly children: ReactNode;
}) {
  return (
    <Ariakit.MenuProvider placement="bottom-end">
      <Ariakit.MenuButton render={button} />
      <Ariakit.Menu className={styles['menu']} gutter={4} portal unmountOnHide>
        {children}
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}

export function MenuItem({
  children,
  onClick,
  checked,
}: {
  readonly children: ReactNode;
  readonly onClick: () => void;
  /** Of choices: whether it is the one. */
  readonly checked?: boolean;
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
      onClick={onClick}
      role="menuitemradio"
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
