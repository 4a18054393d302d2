import {
  freshnessSchema,
  healthSchema,
  type Condition,
  type Coverage,
} from '@isthmus/plugin-gns-common';
import type { Builder } from '../builder';

/** Words and shapes that all areas share. */
export function addCommonTypes(builder: Builder) {
  const Health = builder.enumType('Health', {
    description: '`unknown`: its cluster is silent, or nothing was measured.',
    values: healthSchema.options,
  });
  const Freshness = builder.enumType('Freshness', {
    description: 'How far what a cluster last said can be trusted.',
    values: freshnessSchema.options,
  });
  const ConditionStatus = builder.enumType('ConditionStatus', {
    values: ['True', 'False', 'Unknown'] as const,
  });
  const Severity = builder.enumType('Severity', {
    values: ['error', 'warning', 'info'] as const,
  });

  const ClusterCoverage = builder
    .objectRef<Coverage>('ClusterCoverage')
    .implement({
      description: 'How fresh the reports of one member cluster are.',
      fields: t => ({
        cluster: t.exposeString('cluster'),
        state: t.expose('state', { type: Freshness }),
        dataAt: t.expose('dataAt', {
          type: 'DateTime',
          nullable: true,
          description: 'Of the newest report; null: there was none.',
        }),
        simulated: t.exposeBoolean('simulated'),
      }),
    });

  const ConditionType = builder.objectRef<Condition>('Condition').implement({
    description: 'A statement about a subject: `True` is good.',
    fields: t => ({
      type: t.exposeString('type'),
      status: t.expose('status', { type: ConditionStatus }),
      severity: t.expose('severity', {
        type: Severity,
        description: 'How much it hurts while it is not `True`.',
      }),
      reason: t.exposeString('reason'),
      message: t.exposeString('message'),
      since: t.expose('lastTransitionTime', {
        type: 'DateTime',
        nullable: true,
      }),
      cluster: t.exposeString('cluster', { nullable: true }),
      namespace: t.exposeString('namespace', { nullable: true }),
      service: t.exposeString('service', { nullable: true }),
      object: t.exposeString('object', { nullable: true }),
    }),
  });
  return { Health, Freshness, ClusterCoverage, Condition: ConditionType };
}
export type CommonTypes = ReturnType<typeof addCommonTypes>;
