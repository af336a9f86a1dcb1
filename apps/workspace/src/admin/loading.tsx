/** What stands where nothing stands yet. */
import type { ReactNode } from 'react';
import styles from './admin.module.css';
import { useAdminTexts } from './context.js';

/** Rows of the final size, after a moment in which most pages are there already. */
export function Loading() {
  const say = useAdminTexts();
  return (
    <div className={styles['skeleton']} role="status" aria-label={say('loading')}>
      {['a', 'b', 'c', 'd'].map((row) => (
        <span key={row} />
      ))}
    </div>
  );
}

export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className={styles['empty']}>{children}</p>;
}
