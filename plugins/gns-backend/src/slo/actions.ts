import type { SloAction, SloSummary } from '@isthmus/plugin-gns-common';

/**
 * Whether services with an actionable objective may be scaled down: not while
 * any of its objectives burns, and not while nobody knows. A budget that was
 * overspent before and burns no more is no reason to keep replicas.
 */
export function actionsOf(
  rows: readonly SloSummary[],
  filter: { gns?: string; service?: string } = {},
): SloAction[] {
  return rows
    .filter(row => row.purpose === 'actionable')
    .filter(row => filter.gns === undefined || row.gns === filter.gns)
    .flatMap(row =>
      row.services
        .filter(s => filter.service === undefined || s === filter.service)
        .map(service => actionOf(row, service)),
    );
}

function actionOf(row: SloSummary, service: string): SloAction {
  const [short, hour] = row.burn;
  const { scaleDown, reason } = decide();
  return {
    gns: row.gns,
    service,
    objective: row.name,
    state: row.state,
    scaleDown,
    reason,
    burn: hour.burn,
    evaluatedTo: row.evaluatedTo,
  };

  function decide(): Pick<SloAction, 'scaleDown' | 'reason'> {
    if (row.state === 'noData') {
      return {
        scaleDown: 'hold',
        reason:
          'Nothing is known of the last hour: who scales down now does it blindly.',
      };
    }
    if (row.alerts.length > 0) {
      return { scaleDown: 'hold', reason: 'An alert of the objective is on.' };
    }
    if ((short.burn ?? 0) > 1 || (hour.burn ?? 0) > 1) {
      return {
        scaleDown: 'hold',
        reason: 'The budget burns faster than it may.',
      };
    }
    return {
      scaleDown: 'allow',
      reason:
        row.state === 'noTraffic'
          ? 'There is no traffic.'
          : 'The budget does not burn faster than it may.',
    };
  }
}
