import * as Ariakit from '@ariakit/react';
import type { ReactNode } from 'react';
import styles from './parts.module.css';

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Missing when the dialog cannot be left without an answer. */
  readonly onClose?: () => void;
}

/** A dialog that is there as long as it is rendered. */
export function Dialog({ title, children, onClose }: DialogProps) {
  return (
    <Ariakit.Dialog
      open
      onClose={onClose ?? (() => {})}
      hideOnEscape={onClose !== undefined}
      hideOnInteractOutside={onClose !== undefined}
      backdrop={<div className={styles['backdrop']} />}
      className={styles['dialog']}
    >
      <Ariakit.DialogHeading>{title}</Ariakit.DialogHeading>
      {children}
    </Ariakit.Dialog>
  );
}

export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className={styles['actions']}>{children}</div>;
}
