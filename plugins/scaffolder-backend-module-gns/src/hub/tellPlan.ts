import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Plan } from '@isthmus/plugin-gns-common';
import { showProblem } from './refusals';

/** Says in the template's log what a plan means. */
export function tellPlan(
  plan: Plan,
  logger: Pick<LoggerService, 'info' | 'warn'>,
): void {
  logger.info(plan.text);
  for (const { text } of plan.statements) logger.info(text);
  const changes = plan.clusters.map(
    ({ cluster, objects }) => `${cluster}: ${objects.length}`,
  );
  logger.info(
    changes.length > 0
      ? `Objects that change, by cluster: ${changes.join(', ')}`
      : 'Nothing changes in any cluster.',
  );
  for (const problem of plan.problems) logger.warn(showProblem(problem));
}
