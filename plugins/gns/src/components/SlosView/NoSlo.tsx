import { useGnsTranslation } from '../../useGnsTranslation';
import { EmptyView } from '../state/EmptyView';
import { useHubUrl } from '../GnsListPage/useHubUrl';
import { defineSloCommand } from './exampleSlo';
import { NewSloLinks } from './NewSloLinks';

/** There is no objective yet, and how the first one is made. */
export function NoSlo(props: { gns?: string }) {
  const { t } = useGnsTranslation();
  return (
    <EmptyView
      title={t('slos.empty')}
      text={t('slos.emptyText')}
      action={props.gns ? <NewSloLinks gns={props.gns} /> : undefined}
      command={defineSloCommand(useHubUrl(), props.gns)}
    />
  );
}
