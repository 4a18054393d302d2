import { type AuthorityRotation } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import { ShareBar } from './ShareBar';
import moves from './moves.module.css';

/** What a step waits for, as the clusters reported it. */
export function RotationProof(props: {
  step: 'prepare' | 'activate' | 'retire';
  rotation: AuthorityRotation;
}) {
  const { t } = useGnsTranslation();
  const { step } = props;
  const { bundleClusters, bundlePods, issuers, leaves } = props.rotation.proof;
  if (step === 'prepare') return null;
  const isActivate = step === 'activate';
  const clusters = isActivate ? bundleClusters : issuers;
  const pods = isActivate ? bundlePods : leaves;
  return (
    <>
      <p className={moves.quiet}>{t('rotation.needsProof')}</p>
      <ul className={moves.shares}>
        <ShareBar
          label={
            isActivate ? t('rotation.bundleClusters') : t('rotation.issuers')
          }
          text={t('moves.ofClusters', {
            meeting: String(clusters.meeting),
            total: String(clusters.clusters),
          })}
          meeting={clusters.meeting}
          total={clusters.clusters}
          waiting={clusters.waiting}
          silent={clusters.silent}
        />
        <ShareBar
          label={isActivate ? t('rotation.bundlePods') : t('rotation.leaves')}
          text={t('moves.ofPods', {
            meeting: String(pods.meeting),
            total: String(pods.pods),
          })}
          meeting={pods.meeting}
          total={pods.pods}
        />
      </ul>
    </>
  );
}
