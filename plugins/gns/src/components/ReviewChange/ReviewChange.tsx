import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Alert, Button, Text, TextField } from '@backstage/ui';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  conflictOfError,
  type Plan,
  type Problem,
  problemsOfError,
  type Rollout,
  type StoredDefinition,
} from '@isthmus/plugin-gns-common';
import { gnsApiRef } from '../../api';
import { StatementList } from '../../change/StatementList';
import { useTotalsText } from '../../change/useStatementText';
import { SameOverRest } from '../../code/SameOverRest';
import { DiffView } from '../../diff/DiffView';
import { fitWaves, startWaves } from '../../editing/waves';
import { useGnsTranslation } from '../../useGnsTranslation';
import { SkeletonRows } from '../state/LiveView';
import { SeverityMark } from '../state/SeverityMark';
import {
  callsOf,
  type Change,
  rolloutRequestOf,
  strategyOf,
  textAfter,
} from './change';
import { ClusterChanges } from './ClusterChanges';
import { LostWrite } from './LostWrite';
import { type Choice, RolloutChoice } from './RolloutChoice';
import { usePlan } from './usePlan';
import styles from './review.module.css';

const SHOWN_STATEMENTS = 12;
const STOP_DEFAULTS: Choice['stopOn'] = {
  conditions: 'error',
  minimumCalls: 100,
  applyTimeoutSeconds: 600,
};

/**
 * A change before it comes into force: what it does in words first, then what
 * is wrong with it, what each cluster is told, how it shall get there, and why.
 */
export function ReviewChange(props: {
  change: Change;
  onBack: () => void;
  backLabel: string;
  onBegun: (rollout: Rollout) => void;
  /** Somebody wrote it meanwhile: what stands now; null: it was deleted. */
  onLost?: (current: StoredDefinition | null) => void;
  /** Found by the hub: they belong to the text. */
  onProblems?: (problems: Problem[]) => void;
}) {
  const { t } = useGnsTranslation();
  const api = useApi(gnsApiRef);
  const { change } = props;
  const [choice, setChoice] = useState<Choice>({
    how: 'atOnce',
    waves: [],
    stopOn: STOP_DEFAULTS,
  });
  const [message, setMessage] = useState('');
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const strategy = strategyOf(choice);
  const { plan, current, error, again } = usePlan(change, strategy);
  const heading = useFocusOnce<HTMLHeadingElement>();

  const told = (plan?.clusters ?? [])
    .filter(one => one.objects.length > 0)
    .map(one => one.cluster);
  const choose = (next: Choice) =>
    setChoice({
      ...next,
      waves:
        next.how === 'inWaves' && next.waves.length === 0
          ? startWaves(told)
          : fitWaves(next.waves, told),
    });

  const { onProblems } = props;
  const problems = plan?.problems;
  useEffect(() => {
    if (problems) onProblems?.(problems);
  }, [problems]); // eslint-disable-line react-hooks/exhaustive-deps

  const refused = plan?.problems.some(one => one.severity === 'error') ?? false;
  const confirmed = change.type !== 'delete' || typed === change.name;
  const options = { strategy, plan: plan?.hash ?? '', message };

  const apply = () => {
    setBusy(true);
    setFailure(undefined);
    api.rollouts.create(rolloutRequestOf(change, options)).then(
      rollout => props.onBegun(rollout),
      (cause: unknown) => {
        setBusy(false);
        setFailure(cause instanceof Error ? cause : new Error(String(cause)));
        const conflict = conflictOfError(cause);
        if (conflict?.type === 'plan') again();
        if (conflict?.type === 'generation') props.onLost?.(conflict.current);
        const found = problemsOfError(cause);
        if (found.length > 0) onProblems?.(found);
      },
    );
  };

  return (
    <div className={styles.review}>
      <h2 ref={heading} tabIndex={-1} className={styles.heading}>
        <Title change={change} />
      </h2>
      {plan ? (
        <>
          <Meaning plan={plan} isOld={!current} />
          <Problems problems={plan.problems} />
          <Section title={t('review.definition')}>
            <DiffView
              label={t('review.definition')}
              before={change.base?.text ?? ''}
              after={textAfter(change)}
              beforeLabel={t('review.inForce')}
              afterLabel={t('review.afterwards')}
            />
          </Section>
          <Section
            title={t('review.clusters')}
            description={t('review.clustersText')}
          >
            <ClusterChanges clusters={plan.clusters} />
          </Section>
          {told.length > 0 ? (
            <RolloutChoice choice={choice} onChange={choose} />
          ) : null}
          <WaveMeanings plan={plan} />
          <TextField
            label={t('review.message')}
            description={t('review.messageText')}
            value={message}
            onChange={setMessage}
            maxLength={500}
          />
          {change.type === 'delete' ? (
            <TextField
              label={t('review.confirmName', { name: change.name })}
              value={typed}
              onChange={setTyped}
              autoComplete="off"
            />
          ) : null}
        </>
      ) : null}
      {!plan && !error ? (
        <div>
          <Text as="p">{t('review.planning')}</Text>
          <SkeletonRows rows={5} height={56} />
        </div>
      ) : null}
      {error ? (
        <Alert
          role="alert"
          status="danger"
          icon
          title={t('review.failedPlan')}
          description={error.message}
          customActions={
            <Button size="small" variant="secondary" onPress={again}>
              {t('common.retry')}
            </Button>
          }
        />
      ) : null}
      {failure ? (
        <LostWrite
          error={failure}
          name={change.name}
          creates={change.base === null}
          onBack={props.onBack}
        />
      ) : null}
      <div className={styles.actions}>
        <Button
          onPress={apply}
          isPending={busy}
          isDisabled={!plan || !current || refused || !confirmed}
          destructive={change.type === 'delete'}
        >
          {applyLabel()}
        </Button>
        <Button variant="secondary" onPress={props.onBack}>
          {props.backLabel}
        </Button>
      </div>
      <SameOverRest
        calls={callsOf(change, options, {
          plan: t('review.planCall'),
          put: t('review.putCall'),
          delete: t('review.deleteCall'),
          rollout: t('review.rolloutCall'),
        })}
        yaml={change.type === 'write' ? change.text : undefined}
      />
    </div>
  );

  function applyLabel(): string {
    if (change.type === 'delete') {
      return t('review.applyDelete', { name: change.name });
    }
    return choice.how === 'inWaves'
      ? t('review.applyWaves')
      : t('review.apply');
  }
}

function Title(props: { change: Change }) {
  const { t } = useGnsTranslation();
  const { change } = props;
  if (change.type === 'delete') {
    return <>{t('review.titleDelete', { name: change.name })}</>;
  }
  return change.restores === undefined ? (
    <>{t('review.title')}</>
  ) : (
    <>{t('review.titleRestore', { generation: String(change.restores) })}</>
  );
}

function Section(props: {
  title: string;
  description?: string;
  children: ReactNode;
}) {
  return (
    <section className={styles.column}>
      <div>
        <h3 className={styles.subheading}>{props.title}</h3>
        {props.description ? (
          <p className={styles.quiet}>{props.description}</p>
        ) : null}
      </div>
      {props.children}
    </section>
  );
}

/** The words: the numbers as one sentence, then who is concerned and how. */
function Meaning(props: { plan: Plan; isOld: boolean }) {
  const { t } = useGnsTranslation();
  const totals = useTotalsText();
  const [all, setAll] = useState(false);
  const { statements } = props.plan;
  const hidden = all ? 0 : Math.max(0, statements.length - SHOWN_STATEMENTS);
  return (
    <section className={styles.column} aria-busy={props.isOld}>
      <p className={styles.headline} role="status">
        {totals(props.plan.totals)}
      </p>
      <StatementList
        label={t('review.statements')}
        statements={
          hidden > 0 ? statements.slice(0, SHOWN_STATEMENTS) : statements
        }
      />
      {hidden > 0 ? (
        <div>
          <Button size="small" variant="secondary" onPress={() => setAll(true)}>
            {t('review.more', { count: hidden })}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Problems(props: { problems: readonly Problem[] }) {
  const { t } = useGnsTranslation();
  if (props.problems.length === 0) return null;
  const refused = props.problems.some(one => one.severity === 'error');
  return (
    <section className={styles.column}>
      <h3 className={styles.subheading}>{t('review.problems')}</h3>
      {refused ? (
        <Alert status="danger" icon title={t('review.refused')} />
      ) : null}
      <ul className={styles.problems}>
        {props.problems.map((problem, i) => (
          <li key={i}>
            <SeverityMark severity={problem.severity} />
            {problem.path ? (
              <code className={styles.mono}>{problem.path}</code>
            ) : null}
            <span>{`${problem.message} ${problem.remedy}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What each wave does by itself. */
function WaveMeanings(props: { plan: Plan }) {
  const { t } = useGnsTranslation();
  const totals = useTotalsText();
  return (
    <>
      {props.plan.waves.map((wave, i) => (
        <section key={i} className={styles.column}>
          <p className={styles.title}>
            {t('review.waveSays', {
              number: String(i + 1),
              text: totals(wave.totals),
            })}
          </p>
          <StatementList
            label={t('review.wave', { number: String(i + 1) })}
            statements={wave.statements.slice(0, SHOWN_STATEMENTS)}
          />
        </section>
      ))}
    </>
  );
}

/** A step that follows another one begins where its title is. */
function useFocusOnce<T extends HTMLElement>() {
  const ref = useRef<T>(null);
  useEffect(() => ref.current?.focus(), []);
  return ref;
}
