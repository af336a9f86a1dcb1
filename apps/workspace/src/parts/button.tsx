import * as Ariakit from '@ariakit/react';
import type { ComponentProps, ReactNode } from 'react';
import styles from './parts.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  /** `remove` begins what cannot be undone, and asks first. */
  readonly kind?: 'primary' | 'danger' | 'plain' | 'remove' | 'normal';
  readonly large?: boolean;
}

export function Button({ kind = 'normal', large, className, ...props }: ButtonProps) {
  const classes = [styles['button'], kind !== 'normal' && styles[kind], large && styles['large']];
  return (
    <button
      type="button"
      className={[...classes, className].filter(Boolean).join(' ')}
      {...props}
    />
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly children: ReactNode;
}

/** A button that is only an icon says what it does: to screen readers, and in a tooltip. */
export function IconButton({ label, shortcut, children, className, ...props }: IconButtonProps) {
  return (
    <Tip label={label} {...(shortcut === undefined ? {} : { shortcut })}>
      <button
        type="button"
        aria-label={label}
        className={[styles['icon'], className].filter(Boolean).join(' ')}
        {...props}
      >
        {children}
      </button>
    </Tip>
  );
}

/** @param children one element, which the tooltip is about */
export function Tip({
  label,
  shortcut,
  children,
}: {
  readonly label: string;
  readonly shortcut?: string;
  readonly children: React.ReactElement<Record<string, unknown>>;
}) {
  return (
    <Ariakit.TooltipProvider timeout={400}>
      <Ariakit.TooltipAnchor render={children} />
      <Ariakit.Tooltip className={styles['tooltip']} gutter={6} unmountOnHide>
        {label}
        {shortcut !== undefined && <kbd className={styles['key']}>{shortcut}</kbd>}
      </Ariakit.Tooltip>
    </Ariakit.TooltipProvider>
  );
}
