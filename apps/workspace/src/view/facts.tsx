/** Facts under a heading, as the details show them. */
import type { ReactNode } from 'react';
import styles from './details.module.css';

export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={styles['section']}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** @param isLong names that are whole sentences stand above what they name, not beside it */
export function Facts({
  facts,
  isLong = false,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
  readonly isLong?: boolean;
}) {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  return (
    <dl className={styles['facts']} data-long={isLong}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt dir="auto">{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
