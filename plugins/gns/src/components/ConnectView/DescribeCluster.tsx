import { type FormEvent, useState } from 'react';
import { Alert, Button, Link, Text, TextField } from '@backstage/ui';
import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { type Cluster, type JoinToken } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { SameOverRest } from '../../code/SameOverRest';
import { connectRouteRef } from '../../routes';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from '../GnsPage/GnsPage.module.css';
import { useUrlText } from '../useUrlChoice';
import {
  type ClusterDraft,
  type DraftText,
  problemsOfDraft,
  PROMETHEUS_EXAMPLE,
  requestOfDraft,
} from './clusterDraft';
import connectStyles from './connect.module.css';
import { ConnectSteps } from './ConnectSteps';
import { RestartsEntry, useRestarts } from './RestartsEntry';
import { usePrometheusUrl } from './usePrometheusUrl';

const MAX_LENGTHS: Record<DraftText, number> = {
  name: 63,
  title: 120,
  network: 63,
  region: 63,
  prometheus: 2000,
};

/** Step 1: the name of the cluster, and what others need to know of its place. */
export function DescribeCluster(props: {
  clusters: Cluster[];
  onRegistered: (token: JoinToken) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [name, setName] = useUrlText('name');
  const [title, setTitle] = useUrlText('title');
  const [network, setNetwork] = useUrlText('network');
  const [region, setRegion] = useUrlText('region');
  const [prometheus, setPrometheus] = usePrometheusUrl();
  const [restarts, setRestarts] = useRestarts();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const draft: ClusterDraft = {
    name,
    title,
    network,
    region,
    prometheus,
    restarts,
  };
  const problems = problemsOfDraft(draft, props.clusters);
  const waiting = props.clusters.filter(one => one.state === 'waiting');

  const register = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (Object.keys(problems).length > 0 || busy) return;
    setBusy(true);
    setError(undefined);
    api
      .createCluster(requestOfDraft(draft))
      .then(props.onRegistered, (cause: unknown) => {
        setBusy(false);
        setError(cause instanceof Error ? cause : new Error(String(cause)));
      });
  };
  const entry = (
    field: DraftText,
    set: (text: string) => void,
    placeholder: string,
  ) => {
    const problem = problems[field];
    // An empty name is no fault before somebody wants to go on.
    const shown = problem === 'required' && !asked ? undefined : problem;
    return (
      <TextField
        label={t(`connect.${field}`)}
        description={t(`connect.${field}Text`)}
        secondaryLabel={field === 'name' ? t('editor.required') : undefined}
        placeholder={placeholder}
        value={draft[field]}
        onChange={set}
        // Not `isInvalid` beside it: that would hide the sentence.
        validationBehavior="aria"
        validate={() => (shown ? t(`connect.${shown}`) : null)}
        maxLength={MAX_LENGTHS[field]}
      />
    );
  };
  return (
    <>
      <ConnectSteps at="describe" />
      <Text as="h2" variant="title-small" weight="bold">
        {t('connect.question')}
      </Text>
      <p className={styles.message}>{t('connect.intro')}</p>
      <form className={connectStyles.form} onSubmit={register} noValidate>
        {entry('name', setName, 'eu-west-3')}
        {entry('title', setTitle, '')}
        {entry('network', setNetwork, 'net-eu-west-3')}
        {entry('region', setRegion, 'eu-west-3')}
        {entry('prometheus', setPrometheus, PROMETHEUS_EXAMPLE)}
        <RestartsEntry value={restarts} onChange={setRestarts} />
        {error ? (
          <Alert
            role="alert"
            status="danger"
            icon
            title={t('connect.failed')}
            description={error.message}
          />
        ) : null}
        <div>
          <Button type="submit" isPending={busy}>
            {t('connect.register')}
          </Button>
        </div>
      </form>
      {waiting.length > 0 ? <OnTheirWay clusters={waiting} /> : null}
      <SameOverRest
        calls={[
          {
            title: t('connect.register'),
            method: 'POST',
            path: '/clusters',
            body: {
              type: 'json',
              text: JSON.stringify(requestOfDraft(draft), null, 2),
            },
          },
        ]}
      />
    </>
  );
}

function OnTheirWay(props: { clusters: Cluster[] }) {
  const { t } = useGnsTranslation();
  const link = useRouteRef(connectRouteRef);
  return (
    <section className={styles.section}>
      <Text as="h3" variant="title-x-small" weight="bold">
        {t('connect.onTheirWay')}
      </Text>
      <ul className={styles.list}>
        {props.clusters.map(one => (
          <li key={one.name} className={styles.line}>
            <Link
              href={`${link?.() ?? ''}?cluster=${encodeURIComponent(one.name)}`}
            >
              {t('connect.goOn', { name: one.title ?? one.name })}
            </Link>
            <span className={styles.quiet}>{t(`clusters.${one.state}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
