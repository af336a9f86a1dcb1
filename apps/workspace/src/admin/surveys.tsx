/** The surveys of the account; the one in the address stands in its editor. */
import type { ConfiguredSurvey } from '@parley/client/administration';
import { Plus } from 'lucide-react';
import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../parts/button.js';
import { useLoaded } from '../view/workspace-context.js';
import styles from './admin.module.css';
import { useAdministration, useAdminTexts } from './context.js';
import { Empty, NotReady } from './loading.js';
import { Heading, loadLookups } from './section-page.js';
import { SurveyEditor } from './survey-editor.js';

type Survey = ConfiguredSurvey & { readonly id: number };

const HEADING = { title: 'surveys.title', explains: 'surveys.explains' } as const;

export function SurveysPage({ chosen }: { readonly chosen: string | null }) {
  const say = useAdminTexts();
  const administration = useAdministration();
  const [, go] = useLocation();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const [lookups, { items, revision }] = await Promise.all([
        loadLookups(administration, ['skills'], signal),
        administration.surveys.list({ signal }),
      ]);
      return { lookups, revision, surveys: items as readonly Survey[] };
    },
    [administration],
  );
  const [page, reload] = useLoaded(load);
  if (page.status !== 'ready') {
    return <NotReady page={page} heading={<Heading section={HEADING} />} onRetry={reload} />;
  }
  const { surveys, lookups, revision } = page.value;
  const survey = surveys.find(({ id }) => String(id) === chosen) ?? null;
  if (chosen === 'new' || survey !== null) {
    return (
      <SurveyEditor
        key={`${chosen} ${revision}`}
        survey={survey}
        revision={revision}
        lookups={lookups}
        onDone={() => {
          go('/admin/surveys');
          reload();
        }}
        onReload={reload}
      />
    );
  }
  const skillName = (id: number | undefined) =>
    lookups.skills.find(({ value }) => value === id)?.text ?? say('surveys.anySkill');
  return (
    <>
      <Heading section={HEADING}>
        <Button kind="primary" onClick={() => go('/admin/surveys/new')}>
          <Plus size={16} strokeWidth={1.75} aria-hidden />
          {say('surveys.add')}
        </Button>
      </Heading>
      {surveys.length === 0 ? (
        <Empty>{say('empty')}</Empty>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{say('field.name')}</th>
              <th scope="col">{say('field.kind')}</th>
              <th scope="col" data-wide>
                {say('field.skill')}
              </th>
              <th scope="col" data-wide>
                {say('surveys.questions')}
              </th>
              <th scope="col">{say('field.state')}</th>
            </tr>
          </thead>
          <tbody>
            {surveys.map((each) => (
              <tr key={each.id} onClick={() => go(`/admin/surveys/${each.id}`)}>
                <td>
                  <a href={`#/admin/surveys/${each.id}`} dir="auto">
                    {each.name}
                  </a>
                </td>
                <td>{say(`surveyKind.${each.kind ?? 'preChat'}`)}</td>
                <td data-wide dir="auto">
                  {skillName(each.skillId)}
                </td>
                <td data-wide>{each.questions?.length ?? 0}</td>
                <td>
                  <span
                    className={styles['state']}
                    data-state={each.isEnabled === false ? 'off' : 'on'}
                  >
                    {say(each.isEnabled === false ? 'state.disabled' : 'state.enabled')}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
