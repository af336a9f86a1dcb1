import * as Ariakit from '@ariakit/react';
import { type ReactNode, useRef } from 'react';
import styles from './parts.module.css';

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Missing when the dialog cannot be left without an answer. */
  readonly onClose?: () => void;
  /** Begins at its heading, where its first control is still to come, or would open a touch keyboard. */
  readonly startsAtHeading?: boolean;
}

/** A dialog that is there as long as it is rendered. */
export function Dialog({ title, children, onClose, startsAtHeading = false }: DialogProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <Ariakit.Dialog
      open
      onClose={onClose ?? (() => {})}
      hideOnEscape={onClose !== undefined}
      hideOnInteractOutside={onClose !== undefined}
      backdrop={<div className={styles['backdrop']} />}
      className={styles['dialog']}
      {...(startsAtHeading ? { initialFocus: heading } : {})}
    >
      <Ariakit.DialogHeading ref={heading} {...(startsAtHeading ? { tabIndex: -1 } : {})}>
        {title}
      </Ariakit.DialogHeading>
      {children}
    </Ariakit.Dialog>
  );
}

export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className={styles['actions']}>{children}</div>;
}
