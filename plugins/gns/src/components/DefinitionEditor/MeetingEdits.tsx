import { useRef, useState } from 'react';
import { Alert, Button } from '@backstage/ui';
import { type DefinitionText } from '../../editing/useDefinitionText';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAge } from '../state/RelativeTime';
import { useReturnFocus } from '../state/useReturnFocus';
import { MergeDialog } from './MergeDialog';
import { type InForce } from './useEditable';

/**
 * Says that somebody else changed what is being edited, and lets both changes
 * be seen and put together. Draws nothing while nobody has.
 */
export function MeetingEdits(props: {
  name: string;
  definition: DefinitionText;
  /** What is in force now; undefined: nothing is. */
  inForce: InForce | undefined;
  isGone: boolean;
}) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useReturnFocus(open, place);
  const { name, definition, inForce, isGone } = props;
  const { base } = definition;

  let notice = null;
  if (isGone && base) {
    notice = (
      <Alert
        role="alert"
        mb="4"
        status="warning"
        icon
        title={t('merge.deletedTitle', { name })}
        description={t('merge.deletedText')}
        customActions={
          <Button
            size="small"
            variant="secondary"
            onPress={() => definition.rebase(null, definition.text)}
          >
            {t('merge.recreate')}
          </Button>
        }
      />
    );
  } else if (inForce && inForce.generation !== base?.generation) {
    notice = (
      <Alert
        role="alert"
        mb="4"
        status="warning"
        icon
        title={
          base
            ? t('merge.title', {
                actor: inForce.updatedBy,
                name,
                age: age(inForce.updatedAt),
              })
            : t('merge.existsTitle', { name })
        }
        description={t('merge.text')}
        customActions={
          <Button
            size="small"
            variant="secondary"
            onPress={() => setOpen(true)}
          >
            {t('merge.look')}
          </Button>
        }
      />
    );
  }
  return (
    <div ref={place} tabIndex={-1} style={{ outline: 'none' }}>
      {notice}
      {open && inForce ? (
        <MergeDialog
          name={name}
          definition={definition}
          inForce={inForce}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}
