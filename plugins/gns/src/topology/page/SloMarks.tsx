import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { Link } from '@backstage/ui';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type SloSummary, type TrafficNode } from '@isthmus/plugin-gns-common';
import { sloRouteRef } from '../../routes';
import { SloMark } from '../../slo/SloMark';
import { useSlosOfGns } from '../../slo/useSlos';
import { worstByService } from '../../slo/worst';
import { useGnsTranslation } from '../../useGnsTranslation';
import { NodeMarkContext } from '../canvas/NodeMark';

const SlosContext = createContext<ReadonlyMap<string, SloSummary>>(new Map());

/** Gives the nodes inside the state of their objectives. */
export function SloMarks(props: { gns: string; children: ReactNode }) {
  const { value } = useSlosOfGns(props.gns);
  const worst = useMemo(() => worstByService(value?.items ?? []), [value]);
  return (
    <SlosContext.Provider value={worst}>
      <NodeMarkContext.Provider value={NodeSlo}>
        {props.children}
      </NodeMarkContext.Provider>
    </SlosContext.Provider>
  );
}

/** The worst objective of a service; nothing where it has none. */
function NodeSlo(props: { node: TrafficNode }) {
  const worst = useContext(SlosContext);
  const slo = worst.get(props.node.service ?? '');
  return slo ? <SloMark state={slo.state} iconOnly /> : null;
}

/** The same in the panel, with its name and a link. */
export function SloFacts(props: { gns: string; node: TrafficNode }) {
  const { t } = useGnsTranslation();
  const worst = useContext(SlosContext);
  const link = useRouteRef(sloRouteRef);
  const slo = worst.get(props.node.service ?? '');
  if (!slo) return null;
  return (
    <div>
      <SloMark state={slo.state} />{' '}
      <Link href={link?.({ name: props.gns, slo: slo.name }) ?? '#'}>
        {t('panel.objective', { name: slo.title ?? slo.name })}
      </Link>
    </div>
  );
}
