import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { HubFor } from '../hub/Hub';
import { planned } from '../hub/applyDefinition';
import { readDefinitions } from '../hub/readDefinitions';
import { tellPlan } from '../hub/tellPlan';
import { examples } from './planAction.examples';

/** `gns:plan`: what a change would do, without doing it. */
export function createPlanAction(options: { hubFor: HubFor }) {
  return createTemplateAction({
    id: 'gns:plan',
    description:
      'Plans a change of global namespaces: who joins and leaves, and what changes in each cluster. Writes nothing; fails when the change would be refused.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        definition: z =>
          z
            .record(z.unknown())
            .optional()
            .describe('The definition, as it would be stored'),
        file: z =>
          z
            .string()
            .optional()
            .describe('A YAML file in the workspace with definitions'),
      },
      output: {
        hash: z => z.string().describe('Hash of the plan'),
        servicesJoin: z => z.array(z.string()),
        servicesLeave: z => z.array(z.string()),
        objects: z =>
          z.number().describe('How many objects change, over all clusters'),
        warnings: z => z.array(z.string()),
      },
    },
    async handler(ctx) {
      const definitions = await readDefinitions(ctx.input, ctx.workspacePath);
      const plan = await planned(options.hubFor(ctx), { definitions });
      tellPlan(plan, ctx.logger);
      ctx.output('hash', plan.hash);
      ctx.output('servicesJoin', plan.summary.servicesJoin);
      ctx.output('servicesLeave', plan.summary.servicesLeave);
      ctx.output(
        'objects',
        plan.clusters.reduce((sum, c) => sum + c.objects.length, 0),
      );
      ctx.output(
        'warnings',
        plan.problems.map(p => p.message),
      );
    },
  });
}
