import {
  Alert,
  Accordion,
  AccordionPanel,
  AccordionTrigger,
} from '@backstage/ui';
import {
  type Diagnosis,
  type DiagnosisChain,
} from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { Chain } from './Chain';
import styles from './diagnose.module.css';
import { useReasonText } from './useReasonText';
import { useSentences } from './useSentences';

const TONES = { ok: 'success', broken: 'danger', unknown: 'warning' } as const;

/** The answer in plain words with the remedy, then every chain with its evidence. */
export function Answer(props: { diagnosis: Diagnosis }) {
  const { t } = useGnsTranslation();
  const reasonText = useReasonText();
  const sentences = useSentences();
  const { answer, chains, text, remedy } = props.diagnosis;
  const worst = chains[0];
  const first = worst?.links.find(one => one.link === worst.first);
  const what = first
    ? sentences.why({ ...first, text })
    : t('diagnose.okText', { text });
  const todo = first
    ? sentences.fix({ ...first, remedy })
    : t('diagnose.okRemedy', { remedy });
  return (
    <>
      <Alert
        mb="4"
        role="status"
        status={TONES[answer]}
        icon
        title={
          first
            ? `${t(`diagnose.${answer}`)} ${t(
                `diagnose.link_${first.link}`,
              )}: ${reasonText(first)}`
            : t(`diagnose.${answer}`)
        }
        description={
          <>
            {what}
            {todo ? (
              <div>
                <strong>{todo}</strong>
              </div>
            ) : null}
          </>
        }
      />
      <ol className={styles.chains}>
        {chains.map((chain, i) => (
          <li key={callerOf(chain)}>
            {chains.length === 1 ? (
              <Chain chain={chain} />
            ) : (
              <Accordion defaultExpanded={i === 0}>
                <AccordionTrigger
                  title={t('diagnose.fromPlace', { place: callerOf(chain) })}
                  subtitle={t(`diagnose.${chain.answer}`)}
                />
                <AccordionPanel>
                  <Chain chain={chain} />
                </AccordionPanel>
              </Accordion>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

/** `cluster/namespace/workload`; without the workload: any pod there. */
function callerOf({ caller }: DiagnosisChain): string {
  return [caller.cluster, caller.namespace, caller.workload]
    .filter(Boolean)
    .join('/');
}
