/** App keys: what pages, bots and servers prove themselves with. Secrets are shown once. */
import type { AppKeySecrets, ConfiguredAppKey } from '@parley/client/administration';
import { Plus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { Actions, Dialog } from '../parts/dialog.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import { useLoaded } from '../view/workspace-context.js';
import styles from './admin.module.css';
import forms from './form.module.css';
import { useAdministration, useAdminTexts } from './context.js';
import { Empty, NotReady } from './loading.js';
import type { FieldSpec, Form, LabelledChoice, Lookups } from './model.js';
import { Heading, loadLookups } from './section-page.js';
import { Sheet } from './sheet.js';
import { copyText } from '../view/copy-text.js';

type Key = ConfiguredAppKey & { readonly id: number };

const KINDS: readonly LabelledChoice[] = [
  { value: 'visitor', label: 'keyKind.visitor' },
  { value: 'agent', label: 'keyKind.agent' },
  { value: 'server', label: 'keyKind.server' },
];

const FORMS: readonly LabelledChoice[] = [
  { value: 'tokens', label: 'keyForm.tokens' },
  { value: 'client', label: 'keyForm.client' },
];

const HEADING = { title: 'keys.title', explains: 'keys.explains' } as const;

/** The fields of a key: which of them there are depends on its kind. */
function fieldsOf(kind: string): readonly FieldSpec[] {
  const forUser: readonly FieldSpec[] = [
    { name: 'userId', label: 'field.userId', kind: 'choice', choices: 'users' },
    { name: 'form', label: 'field.form', kind: 'choice', choices: FORMS, only: 'new' },
  ];
  const forPages: readonly FieldSpec[] = [
    {
      name: 'origins',
      label: 'field.origins',
      hint: 'hint.origins',
      kind: 'list',
      placeholder: 'https://shop.example',
    },
    { name: 'trusted', label: 'field.trusted', hint: 'hint.trusted', kind: 'switch' },
  ];
  return [
    { name: 'name', label: 'field.name', kind: 'text', max: 100, required: true },
    ...(kind === 'visitor' ? forPages : forUser),
  ];
}

const formOf = (kind: string, key: Key | null): Form =>
  kind === 'visitor'
    ? { name: key?.name ?? '', origins: key?.origins ?? [], trusted: key?.trusted ?? false }
    : {
        name: key?.name ?? '',
        userId: key?.userId ?? 0,
        ...(key === null ? { form: 'tokens' } : {}),
      };

const changeOf = ({ userId, form, ...fields }: Form, kind: string) => ({
  ...fields,
  ...(typeof userId === 'number' && userId > 0 ? { userId } : {}),
  ...(kind === 'agent' && form !== undefined ? { form } : {}),
});

export function AppKeysPage({ chosen }: { readonly chosen: string | null }) {
  const say = useAdminTexts();
  const administration = useAdministration();
  const [, go] = useLocation();
  const [secrets, setSecrets] = useState<AppKeySecrets | null>(null);
  const load = useCallback(
    async (signal: AbortSignal): Promise<{ keys: readonly Key[]; lookups: Lookups }> => {
      const [lookups, { items }] = await Promise.all([
        loadLookups(administration, ['users'], signal),
        administration.appKeys.list({ signal }),
      ]);
      return { keys: items as readonly Key[], lookups };
    },
    [administration],
  );
  const [page, reload] = useLoaded(load);
  const close = () => {
    go('/admin/keys');
    reload();
  };
  const newKind = /^new-(visitor|agent|server)$/.exec(chosen ?? '')?.[1] ?? null;

  if (page.status !== 'ready') {
    return <NotReady page={page} heading={<Heading section={HEADING} />} onRetry={reload} />;
  }
  const { keys, lookups } = page.value;
  const key = keys.find(({ id }) => String(id) === chosen) ?? null;
  const userName = (id: number | undefined) =>
    lookups.users.find(({ value }) => value === id)?.text ?? '';
  return (
    <>
      <Heading section={HEADING}>
        <div className={styles['adds']}>
          {KINDS.map(({ value, label }) => (
            <Button key={value} onClick={() => go(`/admin/keys/new-${value}`)}>
              <Plus size={16} strokeWidth={1.75} aria-hidden />
              {say(label)}
            </Button>
          ))}
        </div>
      </Heading>
      {keys.length === 0 ? (
        <Empty>{say('empty')}</Empty>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{say('field.name')}</th>
              <th scope="col">{say('field.kind')}</th>
              <th scope="col" data-wide>
                {say('field.key')}
              </th>
              <th scope="col" data-wide>
                {say('field.userId')}
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((each) => (
              <tr key={each.id} onClick={() => go(`/admin/keys/${each.id}`)}>
                <td>
                  <a href={`#/admin/keys/${each.id}`} dir="auto">
                    {each.name || each.key}
                  </a>
                </td>
                <td>{say(`keyKind.${each.kind ?? 'visitor'}`)}</td>
                <td data-wide>
                  <code>{each.key}</code>
                </td>
                <td data-wide>{userName(each.userId)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {newKind !== null && (
        <Sheet
          key={chosen}
          title={say(`keyAdd.${newKind as 'visitor' | 'agent' | 'server'}`)}
          fields={fieldsOf(newKind)}
          lookups={lookups}
          initial={formOf(newKind, null)}
          isNew
          onSave={async (fields) => {
            const change = { kind: newKind, ...changeOf(fields, newKind) };
            setSecrets(await administration.createAppKey(change as never));
            return { is: 'saved' };
          }}
          onClose={close}
        />
      )}
      {key !== null && (
        <Sheet
          key={chosen}
          title={key.name || (key.key ?? '')}
          fields={fieldsOf(key.kind ?? 'visitor')}
          lookups={lookups}
          initial={formOf(key.kind ?? 'visitor', key)}
          isNew={false}
          onSave={async (fields) => {
            await administration.appKeys.update(key.id, changeOf(fields, key.kind ?? '') as never);
            return { is: 'saved' };
          }}
          onDelete={() => administration.appKeys.delete(key.id)}
          onClose={close}
        >
          <div className={forms['field']}>
            <span className={forms['fieldName']}>{say('field.key')}</span>
            <code className={forms['secret']}>{key.key}</code>
          </div>
          {key.form !== 'public' && (
            <Rotate onRotate={async () => setSecrets(await administration.rotateAppKey(key.id))} />
          )}
        </Sheet>
      )}
      {secrets !== null && (
        <Secrets
          secrets={secrets}
          onStored={() => {
            setSecrets(null);
            close();
          }}
        />
      )}
    </>
  );
}

/** Gives the key new secrets, after a second click. */
function Rotate({ onRotate }: { readonly onRotate: () => Promise<void> }) {
  const say = useAdminTexts();
  const [asks, setAsks] = useState(false);
  const [error, setError] = useState<unknown>(null);
  return (
    <div className={forms['field']}>
      {error !== null && <ErrorText>{messageOf(error)}</ErrorText>}
      <span className={forms['hint']}>{say('keys.rotate.explains')}</span>
      {asks ? (
        <Button
          kind="danger"
          onClick={() => {
            setAsks(false);
            onRotate().catch(setError);
          }}
        >
          {say('keys.rotate.sure')}
        </Button>
      ) : (
        <Button onClick={() => setAsks(true)}>{say('keys.rotate')}</Button>
      )}
    </div>
  );
}

const SECRETS = ['key', 'secret', 'accessToken', 'accessTokenSecret'] as const;

/** Shown this once: it is left only by saying that they are stored. */
function Secrets({
  secrets,
  onStored,
}: {
  readonly secrets: AppKeySecrets;
  readonly onStored: () => void;
}) {
  const say = useAdminTexts();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = async (name: string, value: string) => {
    await copyText(value);
    setCopied(name);
  };
  return (
    <Dialog title={say('secrets.title')}>
      <p>{say('secrets.text')}</p>
      {SECRETS.map((name) => {
        const value = secrets[name];
        if (typeof value !== 'string' || value === '') return null;
        return (
          <div key={name} className={forms['field']}>
            <span className={forms['fieldName']}>{say(`secrets.${name}`)}</span>
            <div className={forms['rowOf']}>
              <code className={forms['secret']}>{value}</code>
              <Button onClick={() => void copy(name, value)}>
                {say(copied === name ? 'secrets.copied' : 'secrets.copy')}
              </Button>
            </div>
          </div>
        );
      })}
      <Actions>
        <Button kind="primary" onClick={onStored}>
          {say('secrets.stored')}
        </Button>
      </Actions>
    </Dialog>
  );
}
