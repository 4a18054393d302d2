import { Select } from '@backstage/ui';
import { formatYaml, type Revision } from '@isthmus/plugin-gns-common';
import { DiffView } from '../../../diff/DiffView';
import { useGnsTranslation } from '../../../useGnsTranslation';
import { useAge } from '../../state/RelativeTime';
import styles from './history.module.css';

/** Which two revisions are compared, by generation. */
export interface Pair {
  from?: number;
  to?: number;
}

/** Any two revisions, the older on the left unless asked otherwise. */
export function CompareRevisions(props: {
  revisions: readonly Revision[];
  pair: Pair;
  onChange: (pair: Pair) => void;
}) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { revisions, pair, onChange } = props;
  const actions = {
    create: t('history.created'),
    update: t('history.updated'),
    delete: t('history.deleted'),
  };
  const options = revisions.map(one => ({
    id: String(one.generation),
    label: t('revisions.option', {
      generation: String(one.generation),
      action: actions[one.action],
      age: age(one.at),
      actor: one.actor,
    }),
  }));
  const find = (generation: number | undefined) =>
    revisions.find(one => one.generation === generation);
  const [from, to] = [find(pair.from), find(pair.to)];
  return (
    <section className={styles.compare} aria-label={t('revisions.compare')}>
      <h2 className={styles.heading}>{t('revisions.compare')}</h2>
      <div className={styles.choices}>
        <Select
          label={t('revisions.from')}
          options={options}
          value={pair.from === undefined ? null : String(pair.from)}
          onChange={key => onChange({ ...pair, from: Number(key) })}
        />
        <Select
          label={t('revisions.to')}
          options={options}
          value={pair.to === undefined ? null : String(pair.to)}
          onChange={key => onChange({ ...pair, to: Number(key) })}
        />
      </div>
      {from && to ? (
        <DiffView
          label={t('revisions.label', {
            from: String(from.generation),
            to: String(to.generation),
          })}
          before={from.definition ? formatYaml(from.definition) : ''}
          after={to.definition ? formatYaml(to.definition) : ''}
          beforeLabel={name(from)}
          afterLabel={name(to)}
        />
      ) : null}
    </section>
  );

  function name(revision: Revision): string {
    const number = t('revisions.number', {
      generation: String(revision.generation),
    });
    if (!revision.definition) return `${number} · ${t('revisions.deleted')}`;
    return revision === revisions[0]
      ? `${number} · ${t('revisions.inForce')}`
      : number;
  }
}
