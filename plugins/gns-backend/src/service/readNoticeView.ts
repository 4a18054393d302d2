import type { AuthorityDesk } from '../authority/AuthorityDesk';
import { readCurrentHolds } from '../delivery/HoldStore';
import {
  objectConditions,
  reportedConditions,
} from '../members/observedConditions';
import type { NoticeLimits, NoticeView } from '../notifications/noticesOf';
import { readActiveRollouts } from '../rollouts/RolloutStore';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';

/** Reads everything that owners may have to be told of. */
export async function readNoticeView(
  hub: HubContext,
  limits: NoticeLimits,
  desk: Pick<AuthorityDesk, 'conditions'>,
): Promise<NoticeView> {
  const [definitions, snapshot, facts, holds, rollouts, authorities] =
    await Promise.all([
      hub.definitions.list({ kind: 'GlobalNamespace' }),
      hub.view.snapshot(),
      readClusterFacts({ ...hub, limits: hub.freshness, now: hub.now() }),
      readCurrentHolds(hub.knex),
      readActiveRollouts(hub.knex),
      desk.conditions(),
    ]);
  const names = new Map(facts.map(f => [f.cluster.id, f.cluster.name]));
  const reported = facts.flatMap(f => [
    ...reportedConditions(f),
    ...objectConditions(f),
  ]);
  return {
    limits,
    holds,
    rollouts,
    authorities: authorities.map(({ gns, conditions }) => ({
      gns,
      conditions: conditions.filter(c => c.status !== 'True'),
    })),
    clusters: facts
      // One that was never enrolled, or leaves, is expected to be silent.
      .filter(f => f.cluster.state === 'enrolled')
      .map(f => ({ id: f.cluster.id, coverage: f.coverage })),
    globalNamespaces: definitions.map(({ definition }) => {
      const { name, owner } = definition.metadata;
      const composed = snapshot.stored.get(name)?.composed;
      return {
        name,
        owner,
        clusters: new Set(
          (composed?.members ?? []).map(m => names.get(m.cluster) ?? m.cluster),
        ),
        conditions: [
          ...(composed?.conditions ?? []),
          ...(composed?.services ?? []).flatMap(s => s.conditions),
          ...reported.filter(c => c.gns === name),
        ].filter(c => c.status !== 'True'),
      };
    }),
  };
}
