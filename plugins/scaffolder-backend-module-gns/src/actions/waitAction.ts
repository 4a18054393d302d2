import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import type { HubFor } from '../hub/Hub';
import { rolloutReadiness, serviceReadiness } from '../onboarding/readiness';
import { waitFor, type Timing } from '../onboarding/waitFor';
import { timeoutMinutesSchema, timeoutMsOf } from './timeout';
import { examples } from './waitAction.examples';

/** `gns:wait`: waits until a global namespace, or one service of it, is ready. */
export function createWaitAction(options: { hubFor: HubFor; timing: Timing }) {
  return createTemplateAction({
    id: 'gns:wait',
    description:
      'Waits until a service can be called everywhere in its global namespace, or, without a service, until every cluster has applied the global namespace. Tells what it waits for.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        gns: z => z.string().describe('Name of the global namespace'),
        service: z => z.string().optional().describe('Host label of a service'),
        clusters: z =>
          z
            .array(z.string())
            .optional()
            .describe('Clusters in which the service must run'),
        timeoutMinutes: timeoutMinutesSchema,
      },
      output: { message: z => z.string() },
    },
    async handler(ctx) {
      const { gns, service, clusters = [] } = ctx.input;
      if (ctx.isDryRun) {
        ctx.logger.info('A dry run waits for nothing.');
        ctx.output('message', 'dry run');
        return;
      }
      const hub = options.hubFor(ctx);
      const state = await waitFor({
        look: async () => {
          const status = await hub.getGlobalNamespace(gns, ctx.signal);
          return service === undefined
            ? rolloutReadiness(status)
            : serviceReadiness(
                status,
                service,
                clusters.map(cluster => ({ cluster })),
              );
        },
        timeoutMs: timeoutMsOf(ctx.input),
        logger: ctx.logger,
        timing: options.timing,
        signal: ctx.signal,
      });
      ctx.output('message', state.message);
    },
  });
}
