import type { ChangeTotals } from '@isthmus/plugin-gns-common';
import { count, percent } from './statementText';

/** `2 services join, 1 leaves; 3 callers lose access; 40 % of calls would cross clusters.` */
export function headline(totals: ChangeTotals): string {
  const { servicesJoin: join, servicesLeave: leave } = totals;
  const services = [
    join > 0 && `${count(join, 'service')} ${join === 1 ? 'joins' : 'join'}`,
    leave > 0 &&
      (join > 0
        ? `${leave} ${leave === 1 ? 'leaves' : 'leave'}`
        : `${count(leave, 'service')} ${leave === 1 ? 'leaves' : 'leave'}`),
  ].filter(Boolean);
  const callers = [
    totals.callersGain > 0 && `${count(totals.callersGain, 'caller')} gain`,
    totals.callersLose > 0 && `${count(totals.callersLose, 'caller')} lose`,
  ].filter(Boolean);
  const objects =
    totals.objectsCreate + totals.objectsUpdate + totals.objectsDelete;
  const parts = [
    services.join(', '),
    callers.length > 0 ? `${callers.join(', ')} a host` : '',
    totals.podsToRestart > 0
      ? `${count(totals.podsToRestart, 'pod')} to restart`
      : '',
    totals.crossClusterShare === null
      ? ''
      : `${percent(totals.crossClusterShare)} of calls would cross clusters`,
  ].filter(Boolean);
  if (parts.length > 0) return `${parts.join('; ')}.`;
  return objects > 0
    ? `Nobody gains or loses a host; ${count(objects, 'object')} change.`
    : 'Nothing changes for anybody.';
}
