/** What stands where nothing stands yet, or where it could not be loaded. */
import type { ReactNode } from 'react';
import { Button } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import type { Loaded } from '../view/workspace-context.js';
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

/** A page below its heading while what it shows is not there. */
export function NotReady({
  page,
  heading,
  onRetry,
}: {
  readonly page: Exclude<Loaded<unknown>, { readonly status: 'ready' }>;
  readonly heading: ReactNode;
  readonly onRetry: () => void;
}) {
  const say = useAdminTexts();
  return (
    <>
      {heading}
      {page.status === 'loading' ? (
        <Loading />
      ) : (
        <>
          <ErrorText>{messageOf(page.error)}</ErrorText>
          <Button onClick={onRetry}>{say('retry')}</Button>
        </>
      )}
    </>
  );
}
