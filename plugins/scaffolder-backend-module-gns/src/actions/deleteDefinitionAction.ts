import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { formatRef } from '@isthmus/plugin-gns-common';
import { findDefinition, planned } from '../hub/applyDefinition';
import type { HubFor } from '../hub/Hub';
import { explained } from '../hub/refusals';
import { tellPlan } from '../hub/tellPlan';
import { messageOf } from './applyDefinitionAction';
import { examples } from './deleteDefinitionAction.examples';

/** `gns:definition:delete`: deletes one definition. */
export function createDeleteDefinitionAction(options: { hubFor: HubFor }) {
  return createTemplateAction({
    id: 'gns:definition:delete',
    description:
      'Deletes a definition, through a plan. One that is not there is no error; one that others refer to is refused with their names.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        kind: z => z.string().optional().describe('Default GlobalNamespace'),
        gns: z =>
          z
            .string()
            .optional()
            .describe('Its global namespace, for kinds that have one'),
        name: z => z.string(),
        message: z => z.string().max(500).optional(),
      },
      output: { deleted: z => z.boolean() },
    },
    async handler(ctx) {
      const { kind = 'GlobalNamespace', gns, name } = ctx.input;
      const ref = { kind, name, ...(gns ? { gns } : {}) };
      const hub = options.hubFor(ctx);
      const deleted = await ctx.checkpoint({
        key: `gns.delete.${formatRef(ref)}`,
        fn: async () => {
          const stored = await findDefinition(hub, ref);
          if (!stored) return false;
          const plan = await planned(hub, { deletions: [formatRef(ref)] });
          tellPlan(plan, ctx.logger);
          if (ctx.isDryRun) return true;
          await explained(() =>
            hub.deleteDefinition(ref, {
              ifMatch: stored.generation,
              plan: plan.hash,
              message: ctx.input.message ?? messageOf(ctx),
            }),
          );
          return true;
        },
      });
      ctx.logger.info(
        deleted
          ? `${formatRef(ref)} is deleted${ctx.isDryRun ? ' (dry run)' : ''}.`
          : `There is no ${formatRef(ref)}.`,
      );
      ctx.output('deleted', deleted);
    },
  });
}
