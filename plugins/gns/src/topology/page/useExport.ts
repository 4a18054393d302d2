import { useState } from 'react';
import { type Traffic } from '@isthmus/plugin-gns-common';
import { useExactTime, useLanguage } from '../../components/state/RelativeTime';
import { useGnsTranslation } from '../../useGnsTranslation';
import { edgeText } from '../canvas/edgeLooks';
import { useAmounts, useGraphWords } from '../canvas/look';
import { download, pngFile, svgFile } from '../export/download';
import { themeColors } from '../export/themeColors';
import { toSvg } from '../export/toSvg';
import { spanOf } from '../picture/replay';
import { type TopologyState } from '../picture/urlState';
import { viewOf } from '../picture/view';
import { type Drawn } from './usePlaced';

const NOTHING = viewOf(
  { nodes: [], edges: [], hidden: { nodes: 0, edges: 0 } },
  { edges: 'all', idle: true, strangers: true },
);

/** Makes a file of what is drawn, whole, with when it was and what it lacks. */
export function useExport(input: {
  gns: string;
  title: string;
  traffic: Traffic;
  drawn?: Drawn;
  state: TopologyState;
}) {
  const { gns, title, traffic, drawn, state } = input;
  const { t } = useGnsTranslation();
  const language = useLanguage();
  const exact = useExactTime();
  const amounts = useAmounts();
  const words = useGraphWords((drawn?.view ?? NOTHING).nodes, state.quantile);
  const [problem, setProblem] = useState<Error>();
  const run = (format: 'svg' | 'png') => {
    if (!drawn) return;
    const { view } = drawn;
    const silent = traffic.coverage.filter(one => one.known === 0);
    const notes = [
      t('export.window', {
        span: spanOf(traffic.windowSeconds, language),
        until: exact(traffic.to),
      }),
      ...(silent.length > 0
        ? [
            t('export.silent', {
              names: new Intl.ListFormat(language).format(
                silent.map(one => one.cluster),
              ),
            }),
          ]
        : []),
      ...(view.hidden.nodes > 0
        ? [t('hidden.nodes', { count: view.hidden.nodes })]
        : []),
      ...(view.hidden.edges > 0
        ? [t('hidden.edges', { count: view.hidden.edges })]
        : []),
    ];
    const svg = toSvg({
      title: t('topology.label', { name: title }),
      notes,
      view,
      placement: drawn.placement,
      colors: themeColors(document.body),
      nodeText: node => {
        const figures =
          node.kind === 'outside' || node.kind === 'foreign'
            ? node.outbound
            : node.inbound;
        return {
          name: words.nodeName(node),
          figures:
            node.idle === true
              ? t('traffic.idle')
              : [
                  amounts.flow(figures),
                  figures.errorShare
                    ? amounts.share(figures.errorShare)
                    : undefined,
                  figures.requests
                    ? amounts.quantile(figures, state.quantile)
                    : undefined,
                ]
                  .filter(Boolean)
                  .join(' · ') || t('traffic.noFigures'),
        };
      },
      edgeText: id => {
        const edge = view.edges.get(id);
        return edge && edgeText(edge, state, amounts);
      },
    });
    const name = `${gns}-${traffic.level}-${traffic.to.replace(/[:.]/g, '')}`;
    setProblem(undefined);
    if (format === 'svg') {
      download(`${name}.svg`, svgFile(svg));
      return;
    }
    pngFile(svg).then(
      file => download(`${name}.png`, file),
      (error: Error) => setProblem(error),
    );
  };
  return { run, problem };
}
