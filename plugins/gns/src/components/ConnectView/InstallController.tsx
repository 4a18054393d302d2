import { useState } from 'react';
import {
  Alert,
  Button,
  Tab,
  TabList,
  TabPanel,
  Tabs,
  TextField,
} from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import { queryOf, type JoinToken } from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { CodeBlock } from '../../code/CodeBlock';
import { SameOverRest } from '../../code/SameOverRest';
import { useGnsTranslation } from '../../useGnsTranslation';
import { Section } from '../ClusterPage/Section';
import styles from '../GnsPage/GnsPage.module.css';
import { CopyButton } from '../state/CopyButton';
import { useAge } from '../state/RelativeTime';
import { isPrometheusUrl, PROMETHEUS_EXAMPLE } from './clusterDraft';
import connectStyles from './connect.module.css';
import { RestartsEntry, useRestarts } from './RestartsEntry';
import { usePrometheusUrl } from './usePrometheusUrl';

/** The manifest as one command, so that the token lands in no file. */
function kubectlCommand(manifest: string): string {
  return `kubectl apply -f - <<'EOF'\n${manifest}EOF\n`;
}

/** Step 2: the command that brings the controller into the cluster, with a token that is shown once. */
export function InstallController(props: {
  name: string;
  /** Absent: it was shown before, on another visit. */
  token: JoinToken | undefined;
  /** Absent: none is open. */
  tokenExpiresAt: string | undefined;
  mayConnect: boolean;
  onToken: (token: JoinToken) => void;
}) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { name, token, tokenExpiresAt } = props;
  return (
    <Section title={t('connect.install')}>
      {token ? (
        <>
          <p className={styles.message}>{t('connect.installText')}</p>
          <Tabs>
            <TabList aria-label={t('connect.install')}>
              <Tab id="helm">{t('connect.helm')}</Tab>
              <Tab id="kubectl">{t('connect.kubectl')}</Tab>
            </TabList>
            <TabPanel id="helm">
              <CodeBlock label={t('connect.helmCommand')} text={token.helm} />
            </TabPanel>
            <TabPanel id="kubectl">
              <CodeBlock
                label={t('connect.kubectlCommand')}
                text={kubectlCommand(token.manifest)}
                maxHeight={320}
              />
            </TabPanel>
          </Tabs>
          <dl className={`${styles.facts} ${connectStyles.given}`}>
            <dt>{t('connect.token')}</dt>
            <dd className={styles.line}>
              <code className={`${styles.mono} ${connectStyles.token}`}>
                {token.token}
              </code>
              <CopyButton text={token.token} name={t('connect.token')} />
            </dd>
            <dt>{t('connect.hubUrl')}</dt>
            <dd>
              <code className={styles.mono}>{token.hubUrl}</code>
            </dd>
          </dl>
          <p className={styles.quiet}>
            {t('connect.once', { age: age(token.expiresAt) })}
          </p>
        </>
      ) : (
        <Alert
          mb="3"
          status={tokenExpiresAt ? 'info' : 'warning'}
          icon
          title={
            tokenExpiresAt ? t('connect.tokenOpen') : t('connect.tokenGone')
          }
          description={
            tokenExpiresAt
              ? t('connect.tokenOpenText', { age: age(tokenExpiresAt) })
              : t('connect.tokenGoneText')
          }
        />
      )}
      {props.mayConnect ? (
        <RenewToken
          name={name}
          hasToken={Boolean(token)}
          onToken={props.onToken}
        />
      ) : null}
    </Section>
  );
}

function RenewToken(props: {
  name: string;
  hasToken: boolean;
  onToken: (token: JoinToken) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [prometheus, setPrometheus] = usePrometheusUrl();
  const [restarts, setRestarts] = useRestarts();
  const isGood = isPrometheusUrl(prometheus);
  const options = {
    prometheusUrl: prometheus.trim() || undefined,
    restartWorkloads: restarts || undefined,
  };
  const renew = () => {
    if (!isGood || busy) return;
    setBusy(true);
    setError(undefined);
    api
      .renewToken(props.name, options)
      .then(props.onToken, (cause: unknown) =>
        setError(cause instanceof Error ? cause : new Error(String(cause))),
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      <div className={`${styles.section} ${connectStyles.form}`}>
        <TextField
          label={t('connect.prometheus')}
          description={t('connect.prometheusText')}
          placeholder={PROMETHEUS_EXAMPLE}
          value={prometheus}
          onChange={setPrometheus}
          validationBehavior="aria"
          validate={() => (isGood ? null : t('connect.badUrl'))}
          maxLength={2000}
        />
        <RestartsEntry value={restarts} onChange={setRestarts} />
      </div>
      <div className={styles.section}>
        <Button
          size="small"
          variant={props.hasToken ? 'secondary' : 'primary'}
          isPending={busy}
          onPress={renew}
        >
          {t('connect.renew')}
        </Button>
      </div>
      {error ? (
        <Alert
          mb="3"
          role="alert"
          status="danger"
          icon
          title={t('connect.failed')}
          description={error.message}
        />
      ) : null}
      <SameOverRest
        calls={[
          {
            title: t('connect.renew'),
            method: 'POST',
            path: `/clusters/${encodeURIComponent(props.name)}/token${queryOf(
              options,
            )}`,
          },
        ]}
      />
    </>
  );
}
