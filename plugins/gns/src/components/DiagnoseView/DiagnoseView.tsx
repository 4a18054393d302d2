import { Text } from '@backstage/ui';
import { useSearchParams } from 'react-router-dom';
import { SameOverRest } from '../../code/SameOverRest';
import { useLive } from '../../live/useLive';
import { useGnsTranslation } from '../../useGnsTranslation';
import { EmptyView } from '../state/EmptyView';
import { HubBanner } from '../state/HubBanner';
import { LiveView } from '../state/LiveView';
import { readProblem } from '../state/readProblem';
import { Updated } from '../state/Updated';
import styles from '../GnsPage/GnsPage.module.css';
import { Answer } from './Answer';
import { AskForm } from './AskForm';
import { type Question, questionOf } from './question';

/** Why can't A call B? The question stands in the address; the answer stays current. */
export function DiagnoseView() {
  const { t } = useGnsTranslation();
  const [params, setParams] = useSearchParams();
  const asked = questionOf(params);
  const complete = asked.from !== '' && asked.to !== '';
  return (
    <>
      <HubBanner />
      <Text as="h2" variant="title-small" weight="bold">
        {t('diagnose.title')}
      </Text>
      <p className={styles.message}>{t('diagnose.intro')}</p>
      <AskForm
        // Another link to this page is another question.
        key={params.toString()}
        asked={asked}
        onAsk={({ from, to, port }) =>
          setParams({ from, to, ...(port ? { port } : {}) })
        }
      />
      {complete ? <Asked question={asked} /> : null}
    </>
  );
}

function Asked(props: { question: Question }) {
  const { t } = useGnsTranslation();
  const { from, to, port } = props.question;
  const query = new URLSearchParams({ from, to, ...(port ? { port } : {}) });
  const live = useLive(
    `diagnose?${query}`,
    (api, signal) =>
      api.diagnose(
        { from, to, ...(port ? { port: Number(port) } : {}) },
        signal,
      ),
    { topics: ['status', 'clusters', 'definitions'] },
  );
  const unknownName =
    live.error !== undefined && readProblem(live.error) === 'missing';
  return (
    <section aria-label={t('diagnose.answer')}>
      {unknownName ? (
        <EmptyView
          title={t('diagnose.notFound')}
          text={live.error?.message ?? ''}
        />
      ) : (
        <LiveView live={live} permission="gns.definition.read">
          {diagnosis => (
            <>
              <div className={styles.bar}>
                <span />
                <Updated live={live} />
              </div>
              <Answer diagnosis={diagnosis} />
            </>
          )}
        </LiveView>
      )}
      <SameOverRest
        calls={[
          {
            title: t('diagnose.ask'),
            method: 'GET',
            path: `/diagnose?${query}`,
          },
        ]}
      />
    </section>
  );
}
