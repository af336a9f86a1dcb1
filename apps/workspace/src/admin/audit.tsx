/** Who changed what, when and from where; the newest first. */
import type { AuditEntry } from '@parley/client/administration';
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { Button } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import styles from './admin.module.css';
import { useAdministration, useAdminTexts } from './context.js';
import { Empty, Loading } from './loading.js';
import { Heading } from './section-page.js';

/** Entries that are asked for at once. */
const PAGE = 50;

export function AuditPage() {
  const say = useAdminTexts();
  const intl = useIntl();
  const administration = useAdministration();
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null);
  const [more, setMore] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [before, setBefore] = useState<number | undefined>(undefined);

  useEffect(() => {
    const stop = new AbortController();
    const wanted = before === undefined ? {} : { before };
    administration.audit({ limit: PAGE, signal: stop.signal, ...wanted }).then(
      (page) => {
        if (stop.signal.aborted) return;
        setEntries((all) => (before === undefined ? page : [...(all ?? []), ...page]));
        setMore(page.length === PAGE);
        setError(null);
      },
      (failure: unknown) => {
        if (!stop.signal.aborted) setError(failure);
      },
    );
    return () => stop.abort();
  }, [administration, before]);

  return (
    <>
      <Heading section={{ title: 'audit.title', explains: 'audit.explains' }} />
      {error !== null && <ErrorText>{messageOf(error)}</ErrorText>}
      {entries === null && error === null && <Loading />}
      {entries?.length === 0 && <Empty>{say('empty')}</Empty>}
      {entries !== null && entries.length > 0 && (
        <table className={styles['table']} data-plain>
          <thead>
            <tr>
              <th scope="col">{say('audit.time')}</th>
              <th scope="col">{say('audit.actor')}</th>
              <th scope="col">{say('audit.action')}</th>
              <th scope="col" data-wide>
                {say('audit.target')}
              </th>
              <th scope="col" data-wide>
                {say('audit.from')}
              </th>
              <th scope="col" data-wide>
                {say('audit.detail')}
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.id}>
                <td>{intl.formatDate(entry.time, { dateStyle: 'medium', timeStyle: 'medium' })}</td>
                <td dir="auto">{entry.actorName ?? entry.actor}</td>
                <td>
                  <code>{entry.action}</code>
                </td>
                <td data-wide>
                  <code>{entry.target}</code>
                </td>
                <td data-wide>{entry.from}</td>
                <td data-wide>
                  <Detail detail={entry.detail} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more && <Button onClick={() => setBefore(entries?.at(-1)?.id)}>{say('audit.older')}</Button>}
    </>
  );
}

function Detail({ detail }: { readonly detail: unknown }) {
  const say = useAdminTexts();
  const text = JSON.stringify(detail, null, 2) ?? '';
  if (text === '' || text === '{}') return null;
  return (
    <details>
      <summary>{say('audit.show')}</summary>
      <pre className={styles['detail']}>{text}</pre>
    </details>
  );
}
