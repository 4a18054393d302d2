import {
  Button,
  Menu,
  MenuItem,
  MenuTrigger,
  Select,
  Switch,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { RiDownloadLine, RiFilterLine } from '@remixicon/react';
import {
  type QuantileName,
  TRAFFIC_LEVELS,
  type TrafficLevel,
} from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import {
  EDGE_LABELS,
  type EdgeLabel,
  type TopologyState,
} from '../picture/urlState';
import styles from './page.module.css';

const QUANTILES: QuantileName[] = ['p50', 'p95', 'p99'];

/** What is drawn and how; everything is in the address too. */
export function Toolbar(props: {
  state: TopologyState;
  /** The level that is on the screen. */
  shown: TrafficLevel;
  onChange: (change: Partial<TopologyState>) => void;
  onExport?: (format: 'svg' | 'png') => void;
  /** In a small window: only how it is shown, so that there is room to show it. */
  folded: boolean;
  onFold: (folded: boolean) => void;
}) {
  const { state, shown, folded, onChange, onExport, onFold } = props;
  const { t } = useGnsTranslation();
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('toolbar.label')}>
      <ToggleButtonGroup
        aria-label={t('topology.shownAs')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[state.view]}
        onSelectionChange={keys =>
          onChange({ view: keys.has('table') ? 'table' : 'graph' })
        }
      >
        <ToggleButton id="graph">{t('topology.graph')}</ToggleButton>
        <ToggleButton id="table">{t('topology.table')}</ToggleButton>
      </ToggleButtonGroup>
      <span className={styles.unfold}>
        <Button
          size="small"
          variant="secondary"
          iconStart={<RiFilterLine />}
          aria-expanded={!folded}
          onPress={() => onFold(!folded)}
        >
          {t('toolbar.more')}
        </Button>
      </span>
      <Select
        size="small"
        aria-label={t('toolbar.level')}
        options={[
          {
            value: 'auto',
            label: t('toolbar.auto', { level: t(`level.${shown}`) }),
          },
          ...TRAFFIC_LEVELS.map(level => ({
            value: level as string,
            label: t(`level.${level}`),
          })),
        ]}
        value={state.level}
        onChange={value =>
          onChange({
            level: value as TopologyState['level'],
            viewport: undefined,
          })
        }
      />
      <Select
        size="small"
        aria-label={t('toolbar.edgeLabel')}
        options={EDGE_LABELS.map(value => ({
          value,
          label: t(`edgeLabel.${value}`),
        }))}
        value={state.label}
        onChange={value => onChange({ label: value as EdgeLabel })}
      />
      <ToggleButtonGroup
        aria-label={t('toolbar.quantile')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[state.quantile]}
        onSelectionChange={keys => {
          const quantile = QUANTILES.find(name => keys.has(name));
          if (quantile) onChange({ quantile });
        }}
      >
        {QUANTILES.map(name => (
          <ToggleButton key={name} id={name}>
            {name}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Select
        size="small"
        aria-label={t('toolbar.edges')}
        options={(['all', 'unhealthy', 'none'] as const).map(value => ({
          value,
          label: t(`edgeChoice.${value}`),
        }))}
        value={state.edges}
        onChange={value => onChange({ edges: value as TopologyState['edges'] })}
      />
      <Switch
        label={t('toolbar.idle')}
        isSelected={state.idle}
        onChange={idle => onChange({ idle })}
      />
      <Switch
        label={t('toolbar.strangers')}
        isSelected={state.strangers}
        onChange={strangers => onChange({ strangers })}
      />
      {onExport ? (
        <MenuTrigger>
          <Button
            size="small"
            variant="secondary"
            iconStart={<RiDownloadLine />}
          >
            {t('toolbar.export')}
          </Button>
          <Menu>
            <MenuItem onAction={() => onExport('svg')}>
              {t('toolbar.svg')}
            </MenuItem>
            <MenuItem onAction={() => onExport('png')}>
              {t('toolbar.png')}
            </MenuItem>
          </Menu>
        </MenuTrigger>
      ) : null}
    </div>
  );
}
