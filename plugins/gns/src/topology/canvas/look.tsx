import { createContext, useContext, useMemo } from 'react';
import {
  type QuantileName,
  type TrafficEdge,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';
import { useLanguage } from '../../components/state/RelativeTime';
import { useGnsTranslation } from '../../useGnsTranslation';
import { Amounts } from '../picture/amounts';
import { type EdgeLabel } from '../picture/urlState';

/** What stands out; changes with a selection, never with pan or refresh. */
export interface Emphasis {
  selected?: string;
  /** Stays bright; absent: everything. */
  lit?: ReadonlySet<string>;
  /** What was asked for; absent: nothing was. */
  found?: ReadonlySet<string>;
}

export const EmphasisContext = createContext<Emphasis>({});

/** Which figures are written. */
export interface Look {
  quantile: QuantileName;
  label: EdgeLabel;
  /** Labels on every edge, not only on those that stand out. */
  allLabels: boolean;
}

export const LookContext = createContext<Look>({
  quantile: 'p95',
  label: 'rate',
  allLabels: true,
});

/** Whether something is pushed back, and whether it was found. */
export function useEmphasis(id: string, isBox = false) {
  const { selected, lit, found } = useContext(EmphasisContext);
  return {
    isSelected: selected === id,
    isFound: found?.has(id) ?? false,
    isLit: lit?.has(id) ?? false,
    isDim:
      (lit !== undefined && !lit.has(id)) ||
      (found !== undefined && !isBox && !found.has(id)),
  };
}

export function useAmounts(): Amounts {
  const language = useLanguage();
  return useMemo(() => new Amounts(language), [language]);
}

/** Names and figures of nodes and edges in words, for titles and screen readers. */
export function useGraphWords(
  nodes: ReadonlyMap<string, TrafficNode>,
  quantile: QuantileName,
) {
  const { t } = useGnsTranslation();
  const amounts = useAmounts();
  return useMemo(() => {
    const unknown = t('common.unknown');
    const nodeName = (node: TrafficNode): string => {
      if (node.kind === 'outside') {
        return node.cluster
          ? t('traffic.outsideOf', { cluster: node.cluster })
          : t('traffic.outside');
      }
      return node.label;
    };
    const nameOf = (id: string): string => {
      const node = nodes.get(id);
      return node ? nodeName(node) : id;
    };
    return {
      nodeName,
      nameOf,
      node: (node: TrafficNode): string =>
        t('traffic.nodeLabel', {
          kind: t(`kind.${node.kind}`),
          name: nodeName(node),
          health: t(`health.${node.health}`),
          rate: amounts.flow(node.inbound) ?? unknown,
          errors: amounts.share(node.inbound.errorShare) ?? unknown,
          latency: amounts.quantile(node.inbound, quantile) ?? unknown,
          quantile,
        }),
      edge: (edge: TrafficEdge): string =>
        t('traffic.edgeLabel', {
          source: nameOf(edge.source),
          target: nameOf(edge.target),
          protocol: edge.protocol,
          health: t(`health.${edge.health}`),
          rate: amounts.flow(edge.figures) ?? unknown,
          errors: amounts.share(edge.figures.errorShare) ?? unknown,
          latency: amounts.quantile(edge.figures, quantile) ?? unknown,
          quantile,
          mtls: amounts.share(edge.figures.mtlsShare) ?? unknown,
        }),
    };
  }, [t, amounts, nodes, quantile]);
}
