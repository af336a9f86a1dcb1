/** The sheet in which a record is made or changed, with what happens when somebody else was faster. */
import * as Ariakit from '@ariakit/react';
import { RefusedError } from '@parley/client/administration';
import { X } from 'lucide-react';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { Button, IconButton } from '../parts/button.js';
import { ErrorText } from '../parts/small.js';
import { messageOf } from '../state/messages.js';
import forms from './form.module.css';
import { useAdminTexts } from './context.js';
import { FormField } from './fields.js';
import { shownValue } from './shown-value.js';
import {
  changed,
  type FieldSpec,
  type FieldValue,
  type Form,
  type Lookups,
  same,
} from './model.js';

/** What a save came to. */
export type Saved =
  | { readonly is: 'saved' }
  /** Somebody else changed the record meanwhile: it stands like this now. */
  | { readonly is: 'conflict'; readonly theirs: Form };

export interface SheetProps {
  readonly title: string;
  readonly fields: readonly FieldSpec[];
  readonly lookups: Lookups;
  readonly initial: Form;
  readonly isNew: boolean;
  /** @param fields those that differ from what the form began with */
  readonly onSave: (fields: Form, options: { readonly overwrite: boolean }) => Promise<Saved>;
  readonly onDelete?: () => Promise<void>;
  readonly onClose: () => void;
  /** Stands below the fields. */
  readonly children?: ReactNode;
}

export function Sheet(props: SheetProps) {
  const say = useAdminTexts();
  const { fields, lookups, isNew, onSave, onDelete, onClose } = props;
  const [before, setBefore] = useState(props.initial);
  const [form, setForm] = useState(props.initial);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [theirs, setTheirs] = useState<Form | null>(null);
  const [leaving, setLeaving] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const firstField = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const changes = changed(before, form);
  const dirty = Object.keys(changes).length > 0;
  const shown = fields.filter(({ only }) => only === undefined || (only === 'new') === isNew);

  const act = async (what: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await what();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const save = (overwrite: boolean) =>
    act(async () => {
      const saved = await onSave(isNew ? form : changes, { overwrite });
      if (saved.is === 'conflict') setTheirs(saved.theirs);
      else onClose();
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(false);
  };
  const close = () => (dirty && !leaving ? setLeaving(true) : onClose());
  const set = (name: string, value: FieldValue) => {
    setLeaving(false);
    setForm((all) => ({ ...all, [name]: value }));
  };
  const problemField = error instanceof RefusedError ? fieldNamed(error, shown) : null;

  return (
    <Ariakit.Dialog
      open
      onClose={close}
      // Not the button that closes: Escape would hide its tip first. Nor a field that opens a touch keyboard.
      initialFocus={matchMedia('(pointer: fine)').matches ? firstField : heading}
      hideOnInteractOutside={!dirty}
      backdrop={<div className={forms['backdrop']} />}
      className={forms['sheet']}
    >
      <header className={forms['sheetHead']}>
        <Ariakit.DialogHeading ref={heading} tabIndex={-1} dir="auto">
          {props.title}
        </Ariakit.DialogHeading>
        <IconButton label={say('sheet.close')} onClick={close}>
          <X size={20} strokeWidth={1.75} aria-hidden />
        </IconButton>
      </header>
      <form className={forms['sheetForm']} onSubmit={submit} noValidate>
        <div
          className={forms['sheetBody']}
          ref={(body) => {
            firstField.current =
              body?.querySelector<HTMLElement>('input, select, textarea') ?? null;
          }}
        >
          {theirs !== null && (
            <Conflict
              fields={shown}
              mine={form}
              theirs={theirs}
              before={before}
              lookups={lookups}
              onOverwrite={() => {
                setTheirs(null);
                void save(true);
              }}
              onDiscard={() => {
                setBefore(theirs);
                setForm(theirs);
                setTheirs(null);
              }}
            />
          )}
          {error !== null && problemField === null && <ErrorText>{messageOf(error)}</ErrorText>}
          {shown.map((spec) => (
            <FormField
              key={spec.name}
              spec={spec}
              value={form[spec.name]}
              lookups={lookups}
              problem={problemField === spec.name ? messageOf(error) : null}
              onChange={(value) => set(spec.name, value)}
            />
          ))}
          {props.children}
        </div>
        <footer className={forms['sheetFoot']}>
          {leaving ? (
            <>
              <span className={forms['ask']} role="alert">
                {say('sheet.leave')}
              </span>
              <Button onClick={() => setLeaving(false)}>{say('sheet.stay')}</Button>
              <Button kind="danger" onClick={onClose}>
                {say('sheet.discard')}
              </Button>
            </>
          ) : deleting ? (
            <>
              <span className={forms['ask']} role="alert">
                {say('sheet.delete.ask')}
              </span>
              <Button onClick={() => setDeleting(false)}>{say('sheet.cancel')}</Button>
              <Button
                kind="danger"
                disabled={busy}
                onClick={() =>
                  void act(async () => {
                    await onDelete?.();
                    onClose();
                  })
                }
              >
                {say('sheet.delete')}
              </Button>
            </>
          ) : (
            <>
              {onDelete !== undefined && (
                <Button kind="remove" className={forms['edge']} onClick={() => setDeleting(true)}>
                  {say('sheet.delete')}
                </Button>
              )}
              <span className={forms['space']} />
              <Button onClick={close}>{say('sheet.cancel')}</Button>
              <Button kind="primary" type="submit" disabled={busy || (!isNew && !dirty)}>
                {say(busy ? 'sheet.saving' : 'sheet.save')}
              </Button>
            </>
          )}
        </footer>
      </form>
    </Ariakit.Dialog>
  );
}

/** The field that a refusal is about: its sentence names it. */
function fieldNamed(error: RefusedError, fields: readonly FieldSpec[]): string | null {
  const named = fields.find(({ name }) => new RegExp(`\\b${name}\\b`).test(error.message));
  return named?.name ?? null;
}

function Conflict({
  fields,
  mine,
  theirs,
  before,
  lookups,
  onOverwrite,
  onDiscard,
}: {
  readonly fields: readonly FieldSpec[];
  readonly mine: Form;
  readonly theirs: Form;
  readonly before: Form;
  readonly lookups: Lookups;
  readonly onOverwrite: () => void;
  readonly onDiscard: () => void;
}) {
  const say = useAdminTexts();
  const differing = fields.filter(
    ({ name }) => !same(mine[name], theirs[name]) && !same(before[name], mine[name] ?? ''),
  );
  const theirOnly = fields.filter(
    ({ name }) => !same(before[name], theirs[name]) && same(before[name], mine[name]),
  );
  return (
    <section className={forms['conflict']} role="alert">
      <h3>{say('conflict.title')}</h3>
      <p>{say('conflict.text')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('conflict.field')}</th>
            <th scope="col">{say('conflict.mine')}</th>
            <th scope="col">{say('conflict.theirs')}</th>
          </tr>
        </thead>
        <tbody>
          {[...differing, ...theirOnly].map((spec) => (
            <tr key={spec.name}>
              <th scope="row">{say(spec.label)}</th>
              <td dir="auto">{shownValue(spec, mine[spec.name], lookups, say)}</td>
              <td dir="auto">{shownValue(spec, theirs[spec.name], lookups, say)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={forms['conflictActions']}>
        <Button onClick={onDiscard}>{say('conflict.discard')}</Button>
        <Button kind="danger" onClick={onOverwrite}>
          {say('conflict.overwrite')}
        </Button>
      </div>
    </section>
  );
}
