/** A collection as a table, with a sheet for the record that is chosen. */
import { Plus, Search } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { useLoaded } from '../view/workspace-context.js';
import styles from './admin.module.css';
import { useAdministration, useAdminTexts } from './context.js';
import { Empty, NotReady } from './loading.js';
import type { Administration } from '@parley/client/administration';
import {
  type Cell,
  type Choice,
  type Form,
  type Item,
  type LookupName,
  type Lookups,
  same,
  type Section,
} from './model.js';
import { isStale } from './saving.js';
import { choicesOf, NO_LOOKUPS } from './sections.js';
import { type Saved, Sheet } from './sheet.js';

interface Page {
  readonly items: readonly Item[];
  readonly revision: string | null;
  readonly lookups: Lookups;
}

const NAMES: Readonly<Record<Exclude<LookupName, 'questions'>, string>> = {
  skills: 'name',
  agentGroups: 'name',
  cannedCategories: 'name',
  users: 'loginName',
};

/** Records that forms offer as choices. */
export async function loadLookups(
  administration: Administration,
  wanted: readonly LookupName[],
  signal: AbortSignal,
): Promise<Lookups> {
  const loaded = await Promise.all(
    wanted.map(async (name) => {
      if (name === 'questions') return [name, await questions(administration, signal)] as const;
      const { items } = await administration[name].list({ signal });
      return [name, choicesOf(items as unknown as readonly Item[], NAMES[name])] as const;
    }),
  );
  return { ...NO_LOOKUPS, ...Object.fromEntries(loaded) };
}

/** The questions that are asked before a chat. */
async function questions(
  administration: Administration,
  signal: AbortSignal,
): Promise<readonly Choice[]> {
  const { items } = await administration.surveys.list({ signal });
  return items
    .filter(({ kind }) => kind === 'preChat')
    .flatMap((survey) =>
      (survey.questions ?? []).flatMap(({ id, label = '' }) =>
        id === undefined ? [] : [{ value: id, text: label || String(id) }],
      ),
    );
}

/** @param chosen the id in the address, `new`, or null */
export function SectionPage({
  section,
  chosen,
}: {
  readonly section: Section;
  readonly chosen: string | null;
}) {
  const say = useAdminTexts();
  const administration = useAdministration();
  const [, go] = useLocation();
  const [filter, setFilter] = useState('');
  const load = useCallback(
    async (signal: AbortSignal): Promise<Page> => {
      const [lookups, { items, revision }] = await Promise.all([
        loadLookups(administration, section.lookups, signal),
        section.records(administration).list({ signal }),
      ]);
      return { lookups, revision, items: items as unknown as readonly Item[] };
    },
    [administration, section],
  );
  const [page, reload] = useLoaded(load);
  const home = `/admin/${section.id}`;

  if (page.status !== 'ready') {
    return <NotReady page={page} heading={<Heading section={section} />} onRetry={reload} />;
  }
  const { items, revision, lookups } = page.value;
  const wanted = filter.trim().toLocaleLowerCase();
  const cells = (item: Item) => section.columns.map(({ cell }) => cell(item, lookups, say));
  const shown = items
    .filter((item) => item['deleted'] !== true)
    .filter(
      (item) =>
        wanted === '' ||
        cells(item).some((cell) => textOf(cell, say).toLocaleLowerCase().includes(wanted)),
    );
  const item = items.find(({ id }) => String(id) === chosen) ?? null;
  const close = () => {
    go(home);
    reload();
  };

  return (
    <>
      <Heading section={section}>
        <Button kind="primary" onClick={() => go(`${home}/new`)}>
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          {say(section.add)}
        </Button>
      </Heading>
      {items.length > 8 && (
        <label className={styles['search']}>
          <Search size={16} strokeWidth={1.75} aria-hidden />
          <input
            type="search"
            aria-label={say('search')}
            placeholder={say('search')}
            value={filter}
            onChange={({ target }) => setFilter(target.value)}
          />
        </label>
      )}
      {shown.length === 0 ? (
        <Empty>{say(wanted === '' ? 'empty' : 'empty.filter')}</Empty>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              {section.columns.map(({ head, wide }) => (
                <th key={head} scope="col" data-wide={wide}>
                  {say(head)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((each) => (
              <tr key={each.id} onClick={() => go(`${home}/${each.id}`)}>
                {cells(each).map((cell, index) => (
                  <td key={section.columns[index]?.head} data-wide={section.columns[index]?.wide}>
                    {index === 0 ? (
                      <a href={`#${home}/${each.id}`} dir="auto">
                        {textOf(cell, say)}
                      </a>
                    ) : (
                      <CellView cell={cell} />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {(chosen === 'new' || item !== null) && (
        <RecordSheet
          key={chosen}
          section={section}
          item={item}
          revision={revision}
          lookups={lookups}
          onClose={close}
        />
      )}
    </>
  );
}

function RecordSheet({
  section,
  item,
  revision,
  lookups,
  onClose,
}: {
  readonly section: Section;
  readonly item: Item | null;
  readonly revision: string | null;
  readonly lookups: Lookups;
  readonly onClose: () => void;
}) {
  const say = useAdminTexts();
  const records = section.records(useAdministration());
  const [initial] = useState(() => section.form(item));
  /** The revision that the form was made from; after a conflict, that of what was shown then. */
  const [known, setKnown] = useState(revision);

  const save = async (fields: Form, { overwrite }: { overwrite: boolean }): Promise<Saved> => {
    const change = section.change(fields);
    if (item === null) {
      // What was left empty is left to the server.
      const filled = Object.entries(change).filter(([, value]) => value !== '');
      await records.create(Object.fromEntries(filled));
      return { is: 'saved' };
    }
    const id = item.id;
    try {
      await records.update(id, change, overwrite ? {} : { revision: known });
      return { is: 'saved' };
    } catch (error) {
      if (!isStale(error)) throw error;
      // The revision is the collection's: somebody may have changed another record only.
      const latest = await records.list();
      const theirs = latest.items.find((each) => each.id === id);
      if (theirs === undefined) throw error;
      const now = section.form(theirs as unknown as Item);
      setKnown(latest.revision);
      if (!same(now, initial)) return { is: 'conflict', theirs: now };
      await records.update(id, change, { revision: latest.revision });
      return { is: 'saved' };
    }
  };
  return (
    <Sheet
      title={item === null ? say(section.add) : section.name(item)}
      fields={section.fields}
      lookups={lookups}
      initial={initial}
      isNew={item === null}
      onSave={save}
      onClose={onClose}
      {...(item === null ? {} : { onDelete: () => records.delete(item.id) })}
    />
  );
}

export function Heading({
  section,
  children,
}: {
  readonly section: Pick<Section, 'title' | 'explains'>;
  readonly children?: React.ReactNode;
}) {
  const say = useAdminTexts();
  return (
    <header className={styles['heading']}>
      <div>
        <h1>{say(section.title)}</h1>
        <p>{say(section.explains)}</p>
      </div>
      {children}
    </header>
  );
}

type Say = ReturnType<typeof useAdminTexts>;

function textOf(cell: Cell, say: Say): string {
  return typeof cell === 'string' ? cell : say(cell.label);
}

function CellView({ cell }: { readonly cell: Cell }) {
  const say = useAdminTexts();
  if (typeof cell === 'string') return <span dir="auto">{cell}</span>;
  return (
    <span className={styles['state']} data-state={cell.state}>
      {say(cell.label)}
    </span>
  );
}
