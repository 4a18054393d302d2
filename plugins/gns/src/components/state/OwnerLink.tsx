import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useGnsTranslation } from '../../useGnsTranslation';

/** The owner as a link into the catalog; text that is no reference stays text. */
export function OwnerLink(props: { owner?: string }) {
  const { t } = useGnsTranslation();
  if (!props.owner) return <span>{t('common.noOwner')}</span>;
  return isEntityRef(props.owner) ? (
    <EntityRefLink entityRef={props.owner} defaultKind="group" />
  ) : (
    <span>{props.owner}</span>
  );
}

function isEntityRef(text: string): boolean {
  try {
    parseEntityRef(text, { defaultKind: 'group', defaultNamespace: 'default' });
    return true;
  } catch {
    // The only way to learn it: the catalog's parser throws on anything else.
    return false;
  }
}
