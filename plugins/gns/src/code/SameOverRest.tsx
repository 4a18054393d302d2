import { Accordion, AccordionPanel, AccordionTrigger } from '@backstage/ui';
import { useHubUrl } from '../components/GnsListPage/useHubUrl';
import { useGnsTranslation } from '../useGnsTranslation';
import { CodeBlock } from './CodeBlock';
import { curlOf, type RestCall } from './curl';
import styles from './code.module.css';

/** What a page does, as the calls and the document that do the same. */
export function SameOverRest(props: {
  calls: readonly (RestCall & { title: string })[];
  yaml?: string;
}) {
  const { t } = useGnsTranslation();
  const url = useHubUrl();
  return (
    <Accordion>
      <AccordionTrigger title={t('code.title')} subtitle={t('code.subtitle')} />
      <AccordionPanel>
        <div className={styles.panel}>
          {props.calls.map(call => (
            <section key={call.title}>
              <h4 className={styles.title}>{call.title}</h4>
              <CodeBlock
                label={t('code.command', { title: call.title })}
                text={curlOf(url, call)}
                maxHeight={320}
              />
            </section>
          ))}
          {props.yaml === undefined ? null : (
            <section>
              <h4 className={styles.title}>{t('code.yaml')}</h4>
              <CodeBlock
                label={t('code.yaml')}
                text={props.yaml}
                maxHeight={320}
              />
            </section>
          )}
        </div>
      </AccordionPanel>
    </Accordion>
  );
}
