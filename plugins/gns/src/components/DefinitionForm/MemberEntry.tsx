import { ButtonIcon } from '@backstage/ui';
import { RiDeleteBinLine } from '@remixicon/react';
import { type Matches, type NearMiss } from '@isthmus/plugin-gns-common';
import { isRecord, valueAt } from '../../editing/same';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useForm } from './FormContext';
import { MatcherEntry } from './MatcherEntry';
import { MatchesView } from './MatchesView';
import styles from './form.module.css';

const PARTS = {
  cluster: 'clusters',
  namespace: 'namespaces',
  service: 'services',
} as const;

/** One entry of the members: three matchers, and what they choose. */
export function MemberEntry(props: {
  index: number;
  entry?: Matches['entries'][number];
}) {
  const { t } = useGnsTranslation();
  const form = useForm();
  const { index, entry } = props;
  const path = ['spec', 'members', index] as const;
  const number = String(index + 1);

  /** Writes the name that was meant instead of the one that was written. */
  const take = (miss: NearMiss) => {
    const at = [...path, PARTS[miss.subject]];
    const matcher = valueAt(form.written, at);
    if (!isRecord(matcher)) return;
    const { names } = matcher;
    form.onEdit(
      [
        {
          path: at,
          value: Array.isArray(names)
            ? {
                names: [
                  ...new Set(
                    names.map(name =>
                      name === miss.written ? miss.name : name,
                    ),
                  ),
                ],
              }
            : { prefix: miss.name },
        },
      ],
      at.join('.'),
    );
  };

  return (
    <fieldset className={styles.member}>
      <legend className={styles.legend}>
        {t('editing.member', { number })}
      </legend>
      <ButtonIcon
        className={styles.remove}
        size="small"
        variant="tertiary"
        aria-label={t('editing.removeMember', { number })}
        icon={<RiDeleteBinLine />}
        isDisabled={form.isDisabled}
        onPress={() =>
          form.onEdit([{ path, value: undefined }], `remove ${number}`)
        }
      />
      <MatcherEntry
        path={[...path, 'clusters']}
        what={t('fields.spec_members_clusters')}
        description={t('fields.spec_members_clustersText')}
        known={form.known.clusters}
      />
      <MatcherEntry
        path={[...path, 'namespaces']}
        what={t('fields.spec_members_namespaces')}
        description={t('fields.spec_members_namespacesText')}
        known={form.known.namespaces}
        isRequired
      />
      <MatcherEntry
        path={[...path, 'services']}
        what={t('fields.spec_members_services')}
        description={t('fields.spec_members_servicesText')}
        known={form.known.services}
      />
      {entry ? (
        <MatchesView number={index + 1} entry={entry} onTake={take} />
      ) : null}
    </fieldset>
  );
}
