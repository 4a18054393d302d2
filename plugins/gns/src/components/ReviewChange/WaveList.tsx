import { useState } from 'react';
import { Button, ButtonIcon, NumberField, VisuallyHidden } from '@backstage/ui';
import {
  RiAddLine,
  RiArrowDownLine,
  RiArrowUpLine,
  RiDraggable,
} from '@remixicon/react';
import {
  Button as DragHandle,
  GridList,
  GridListItem,
  useDragAndDrop,
} from 'react-aria-components';
import { moveCluster, type Wave } from '../../editing/waves';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './review.module.css';

const DRAG_TYPE = 'gns-cluster';

/** Which cluster hears of the change when: put in order by drag, arrows or keyboard. */
export function WaveList(props: {
  waves: readonly Wave[];
  onChange: (waves: Wave[]) => void;
}) {
  const { t } = useGnsTranslation();
  const [said, setSaid] = useState('');
  const { waves, onChange } = props;
  const move = (cluster: string, to: number, before?: string) => {
    if (to < 0) return;
    onChange(moveCluster(waves, cluster, to, before));
    setSaid(t('review.moved', { cluster, number: String(to + 1) }));
  };
  return (
    <div className={styles.waves}>
      <p className={styles.quiet}>{t('review.wavesText')}</p>
      <ol className={styles.waveList} aria-label={t('review.waves')}>
        {waves.map((wave, i) => (
          <li key={i} className={styles.wave}>
            <WaveClusters
              number={i + 1}
              wave={wave}
              isLast={i === waves.length - 1}
              onMove={(cluster, by) => move(cluster, i + by)}
              onDrop={(cluster, before) => move(cluster, i, before)}
            />
            <NumberField
              className={styles.soak}
              label={t('review.soak')}
              value={wave.soakSeconds}
              minValue={0}
              maxValue={604_800}
              onChange={seconds =>
                onChange(
                  waves.map((one, at) =>
                    at === i
                      ? {
                          ...one,
                          soakSeconds: Number.isFinite(seconds)
                            ? Math.round(seconds)
                            : 0,
                        }
                      : one,
                  ),
                )
              }
            />
          </li>
        ))}
      </ol>
      <div>
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiAddLine />}
          onPress={() => onChange([...waves, { clusters: [], soakSeconds: 0 }])}
        >
          {t('review.addWave')}
        </Button>
      </div>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </div>
  );
}

function WaveClusters(props: {
  number: number;
  wave: Wave;
  isLast: boolean;
  /** By how many waves. */
  onMove: (cluster: string, by: 1 | -1) => void;
  /** `before`: the cluster that it was dropped in front of. */
  onDrop: (cluster: string, before?: string) => void;
}) {
  const { t } = useGnsTranslation();
  const { number, wave, onMove, onDrop } = props;
  const drop = async (
    items: readonly {
      kind: string;
      getText?: (type: string) => Promise<string>;
    }[],
    before?: string,
  ) => {
    for (const item of items) {
      if (item.kind === 'text' && item.getText) {
        onDrop(await item.getText(DRAG_TYPE), before);
      }
    }
  };
  const beforeOf = (key: unknown, position: string) => {
    const at = wave.clusters.indexOf(String(key));
    return position === 'after' ? wave.clusters[at + 1] : wave.clusters[at];
  };
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: keys =>
      [...keys].map(key => ({
        [DRAG_TYPE]: String(key),
        'text/plain': String(key),
      })),
    acceptedDragTypes: [DRAG_TYPE],
    onReorder: ({ keys, target }) => {
      for (const key of keys) {
        onDrop(String(key), beforeOf(target.key, target.dropPosition));
      }
    },
    onInsert: ({ items, target }) =>
      drop(items, beforeOf(target.key, target.dropPosition)),
    onRootDrop: ({ items }) => drop(items),
  });
  const label = t('review.wave', { number: String(number) });
  return (
    <div className={styles.waveClusters}>
      <div className={styles.title}>{label}</div>
      <GridList
        className={styles.grid}
        aria-label={label}
        items={wave.clusters.map(id => ({ id }))}
        dragAndDropHooks={dragAndDropHooks}
        renderEmptyState={() => (
          <span className={styles.quiet}>{t('review.emptyWave')}</span>
        )}
      >
        {({ id }) => (
          <GridListItem id={id} textValue={id} className={styles.item}>
            <DragHandle
              slot="drag"
              className={styles.handle}
              aria-label={t('review.dragCluster', { cluster: id })}
            >
              <RiDraggable aria-hidden />
            </DragHandle>
            <span className={styles.name}>{id}</span>
            <ButtonIcon
              size="small"
              variant="tertiary"
              aria-label={t('review.earlier', { cluster: id })}
              icon={<RiArrowUpLine />}
              isDisabled={number === 1}
              onPress={() => onMove(id, -1)}
            />
            <ButtonIcon
              size="small"
              variant="tertiary"
              aria-label={t('review.later', { cluster: id })}
              icon={<RiArrowDownLine />}
              isDisabled={props.isLast && wave.clusters.length === 1}
              onPress={() => onMove(id, 1)}
            />
          </GridListItem>
        )}
      </GridList>
    </div>
  );
}
