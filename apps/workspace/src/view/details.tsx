/** What is known of the visitor. */
import { useIntl } from 'react-intl';
import { CopiedText } from '../parts/copied-text.js';
import { givenName } from '../state/visitor-name.js';
import { useTexts } from '../texts/index.js';
import { useChat } from './workspace-context.js';
import styles from './details.module.css';
import { Facts, Section } from './facts.js';
import { VisitorParts } from './visitor-parts.js';

export function Details({ id }: { readonly id: string }) {
  const say = useTexts();
  const intl = useIntl();
  const entry = useChat(id);
  if (entry === undefined) return null;
  const { info } = entry;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className={styles['body']} aria-label={say('details.visitor')} tabIndex={0}>
      <Section title={say('details.visitor')}>
        <Facts
          facts={[
            [say('details.name'), givenName(info.visitorName)],
            [say('details.language'), info.language],
            [say('details.id'), <Id key="id" value={String(info.visitorId)} />],
          ]}
        />
      </Section>
      <VisitorParts chat={entry.chat} language={info.language ?? ''} />
      <Section title={say('details.chat')}>
        <Facts
          facts={[
            [say('details.skill'), info.skillName],
            [
              say('details.started'),
              intl.formatDate(info.startTime, { dateStyle: 'medium', timeStyle: 'short' }),
            ],
            [say('details.chat-id'), <Id key="id" value={info.chatSessionKey} />],
          ]}
        />
      </Section>
    </section>
  );
}

/** What programs know something by: one line, to be copied. */
function Id({ value }: { readonly value: string }) {
  const say = useTexts();
  return <CopiedText text={value} copy={say('details.copy')} copied={say('details.copied')} />;
}
