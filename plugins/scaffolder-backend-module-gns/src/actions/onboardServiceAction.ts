import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  hostLabel,
  type GlobalNamespaceSpec,
} from '@isthmus/plugin-gns-common';
import { readFile, writeFile } from 'node:fs/promises';
import { changeDefinition } from '../hub/applyDefinition';
import type { Hub, HubFor } from '../hub/Hub';
import { tellPlan } from '../hub/tellPlan';
import { annotate } from '../onboarding/annotate';
import { serviceReadiness } from '../onboarding/readiness';
import { waitFor, type Timing } from '../onboarding/waitFor';
import { timeoutMinutesSchema, timeoutMsOf } from './timeout';
import { withMember } from '../onboarding/withMember';
import { messageOf } from './applyDefinitionAction';
import { examples } from './onboardServiceAction.examples';

/** `gns:service:onboard`: from a Service in a cluster to a name that all members can call. */
export function createOnboardServiceAction(options: {
  hubFor: HubFor;
  timing: Timing;
}) {
  return createTemplateAction({
    id: 'gns:service:onboard',
    description:
      'Brings a Kubernetes Service into a global namespace: makes it a member, writes the annotation into the catalog file of the workspace, and waits until it can be called everywhere.',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        gns: z => z.string().describe('Name of the global namespace'),
        service: z => z.string().describe('Name of the Kubernetes Service'),
        namespace: z => z.string().describe('Its namespace in the clusters'),
        clusters: z =>
          z
            .array(z.string())
            .min(1)
            .describe('The member clusters in which it runs'),
        catalogFile: z =>
          z
            .string()
            .optional()
            .describe(
              'Catalog file in the workspace that gets the annotation, for example catalog-info.yaml; absent: none does',
            ),
        component: z =>
          z
            .string()
            .optional()
            .describe('Name of the component, where the file has several'),
        message: z => z.string().max(500).optional(),
        wait: z =>
          z
            .boolean()
            .optional()
            .describe('Wait until it can be called everywhere; default true'),
        timeoutMinutes: timeoutMinutesSchema,
      },
      output: {
        host: z => z.string().describe('The name that members call'),
        annotation: z =>
          z.string().describe('Value of gns.isthmus.dev/service'),
        ready: z => z.boolean(),
      },
    },
    async handler(ctx) {
      const { gns, namespace, service, clusters } = ctx.input;
      const hub = options.hubFor(ctx);
      const newcomer = { clusters, namespace, service };
      const { label, host } = await ctx.checkpoint({
        key: 'gns.onboard.member',
        fn: () => join(hub, gns, newcomer, ctx),
      });
      const annotation = `${gns}/${label}`;
      if (ctx.input.catalogFile !== undefined) {
        const path = resolveSafeChildPath(
          ctx.workspacePath,
          ctx.input.catalogFile,
        );
        const text = await readFile(path, 'utf8');
        await writeFile(
          path,
          annotate(text, { gns, service: label }, ctx.input.component),
        );
        ctx.logger.info(`${ctx.input.catalogFile} names ${annotation}.`);
      }
      ctx.output('host', host);
      ctx.output('annotation', annotation);
      if (ctx.isDryRun || ctx.input.wait === false) {
        ctx.output('ready', false);
        return;
      }
      await waitFor({
        look: async () =>
          serviceReadiness(
            await hub.getGlobalNamespace(gns, ctx.signal),
            label,
            clusters.map(cluster => ({ cluster, namespace })),
          ),
        timeoutMs: timeoutMsOf(ctx.input),
        logger: ctx.logger,
        timing: options.timing,
        signal: ctx.signal,
      });
      ctx.logger.info(
        `http://${host}/ can be called by all members of ${gns}.`,
      );
      ctx.output('ready', true);
    },
  });
}

/** Makes it a member where it is none. @returns its global name */
async function join(
  hub: Hub,
  gns: string,
  newcomer: { clusters: string[]; namespace: string; service: string },
  ctx: {
    input: { message?: string };
    isDryRun?: boolean;
    logger: Parameters<typeof tellPlan>[1];
    templateInfo?: { entityRef: string };
  },
): Promise<{ label: string; host: string }> {
  let spec: GlobalNamespaceSpec | undefined;
  const result = await changeDefinition(
    hub,
    { kind: 'GlobalNamespace', name: gns },
    {
      change: stored => {
        if (!stored) {
          throw new InputError(
            `There is no global namespace "${gns}", or you may not read it.`,
          );
        }
        const wanted = withMember(stored.definition, newcomer);
        spec = wanted.spec;
        return wanted.definition;
      },
      message: ctx.input.message ?? messageOf(ctx),
      dryRun: ctx.isDryRun,
      onPlan: plan => tellPlan(plan, ctx.logger),
    },
  );
  ctx.logger.info(
    result === 'unchanged'
      ? `${newcomer.namespace}/${newcomer.service} is a member of ${gns} already.`
      : `${newcomer.namespace}/${newcomer.service} of ${newcomer.clusters.join(
          ', ',
        )} is a member of ${gns}${ctx.isDryRun ? ' (dry run)' : ''}.`,
  );
  if (!spec) throw new Error('The definition was not read');
  const label = hostLabel(
    spec,
    newcomer.clusters[0],
    newcomer.namespace,
    newcomer.service,
  );
  return { label, host: `${label}.${spec.domain}` };
}
