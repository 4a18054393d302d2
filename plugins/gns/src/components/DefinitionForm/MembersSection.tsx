import { Button, Text } from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useField, useForm } from './FormContext';
import { MemberEntry } from './MemberEntry';
import { type MatchesState } from './useMatches';
import styles from './form.module.css';

/** Who belongs, entry by entry, with what the entries choose now. */
export function MembersSection(props: { matches: MatchesState }) {
  const { t } = useGnsTranslation();
  const form = useForm();
  const field = useField(['spec', 'members']);
  const members = Array.isArray(field.value) ? field.value : [];
  const { matches, current, error } = props.matches;
  const known =
    matches && matches.entries.length === members.length ? matches : undefined;
  return (
    <section className={styles.section} aria-labelledby="gns-form-members">
      <h3 id="gns-form-members" className={styles.heading}>
        {t('editing.members')}
      </h3>
      <Text as="p" variant="body-small" color="secondary">
        {t('editing.membersText')}
      </Text>
      {members.length === 0 ? (
        <Text as="p" variant="body-small">
          {t('editing.noMembers')}
        </Text>
      ) : null}
      {members.map((_, i) => (
        <MemberEntry key={i} index={i} entry={known?.entries[i]} />
      ))}
      <div className={styles.bar}>
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiAddLine />}
          isDisabled={form.isDisabled}
          onPress={() =>
            form.onEdit(
              [
                {
                  path: ['spec', 'members', members.length],
                  value: { namespaces: { names: [] } },
                },
              ],
              `add ${members.length}`,
            )
          }
        >
          {t('editing.addMember')}
        </Button>
        <span className={styles.quiet} role="status">
          {matchesText()}
        </span>
      </div>
      {known && known.uncertain.length > 0 ? (
        <Text as="p" variant="body-small" color="warning">
          {t('matches.uncertain', {
            clusters: known.uncertain.map(one => one.cluster).join(', '),
          })}
        </Text>
      ) : null}
    </section>
  );

  function matchesText(): string {
    if (members.length === 0) return '';
    if (error && current) {
      return t('matches.failed', { message: error.message });
    }
    if (!known || !current) return t('matches.loading');
    return t('matches.total', {
      namespaces: String(known.totals.namespaces),
      services: String(known.totals.services),
      clusters: String(known.totals.clusters),
    });
  }
}
