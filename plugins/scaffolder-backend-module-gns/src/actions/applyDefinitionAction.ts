import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { formatRef, refOf } from '@isthmus/plugin-gns-common';
import { applyDefinition } from '../hub/applyDefinition';
import type { HubFor } from '../hub/Hub';
import { readDefinitions } from '../hub/readDefinitions';
import { tellPlan } from '../hub/tellPlan';
import { examples } from './applyDefinitionAction.examples';

/** `gns:definition:apply`: creates or replaces definitions. */
export function createApplyDefinitionAction(options: { hubFor: HubFor }) {
  return createTemplateAction({
    id: 'gns:definition:apply',
    description:
      'Creates or replaces definitions of global namespaces, through a plan. The same definition applied again changes nothing.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        definition: z =>
          z.record(z.unknown()).optional().describe('The definition'),
        file: z =>
          z
            .string()
            .optional()
            .describe('A YAML file in the workspace with definitions'),
        message: z =>
          z
            .string()
            .max(500)
            .optional()
            .describe('Why, for the history; the template is named by default'),
      },
      output: {
        results: z =>
          z
            .array(
              z.object({
                ref: z.string(),
                result: z.enum(['created', 'updated', 'unchanged', 'deleted']),
              }),
            )
            .describe('What became of each definition'),
      },
    },
    async handler(ctx) {
      const definitions = await readDefinitions(ctx.input, ctx.workspacePath);
      const hub = options.hubFor(ctx);
      const results = [];
      for (const definition of definitions) {
        const ref = formatRef(refOf(definition));
        const result = await ctx.checkpoint({
          key: `gns.apply.${ref}`,
          fn: () =>
            applyDefinition(hub, definition, {
              message: ctx.input.message ?? messageOf(ctx),
              dryRun: ctx.isDryRun,
              onPlan: plan => tellPlan(plan, ctx.logger),
            }),
        });
        ctx.logger.info(`${ref}: ${result}${ctx.isDryRun ? ' (dry run)' : ''}`);
        results.push({ ref, result });
      }
      ctx.output('results', results);
    },
  });
}

/** What history says when the template does not. */
export function messageOf(ctx: {
  templateInfo?: { entityRef: string };
}): string {
  return ctx.templateInfo
    ? `By the template ${ctx.templateInfo.entityRef}`
    : 'By a template';
}
