import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  findKind,
  formatRef,
  parseDefinition,
  parseRef,
  planRequestSchema,
  refOf,
  REST_PATH,
  showValue,
  type Definition,
  type DefinitionRef,
  type Plan,
  type Problem,
} from '@isthmus/plugin-gns-common';
import { planChanges, planHash } from '../composition';
import { missingGlobalNamespace } from '../slo/checkObjectives';
import { audited } from './audited';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { readJsonBody } from './readJsonBody';

const MAX_BODY = 8 * 1024 * 1024;
/** Plans that nobody confirmed are forgotten after this, milliseconds. */
const PLAN_KEPT_MS = 2 * 60 * 60 * 1000;

const EMPTY: Omit<Plan, 'hash' | 'problems'> = {
  summary: {
    servicesJoin: [],
    servicesLeave: [],
    namespacesJoin: [],
    namespacesLeave: [],
  },
  clusters: [],
};

/** `/v1/plan`: what a change would do, without doing it. */
export function createPlanRouter(hub: HubContext): Router {
  const router = PromiseRouter();

  router.post(`${REST_PATH}/plan`, async (request, response) => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const body = parseRequest(
      planRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const mayRead = await hub.authorizer.readablePredicate(credentials);
    const plan = await audited(
      hub.auditor,
      { eventId: 'plan', request, severityLevel: 'low' },
      async () => makePlan(hub, body, mayRead),
    );
    response.json(plan);
  });
  return router;
}

async function readChange(
  hub: HubContext,
  body: { definitions: unknown[]; deletions: string[] },
  mayRead: (definition: Definition) => boolean,
): Promise<{
  definitions: Definition[];
  deletions: DefinitionRef[];
  problems: Problem[];
}> {
  const definitions: Definition[] = [];
  const problems: Problem[] = [];
  for (const [index, document] of body.definitions.entries()) {
    const parsed = parseDefinition(document);
    if (!parsed.ok) {
      problems.push(
        ...parsed.problems.map(p => ({
          ...p,
          path: p.path
            ? `definitions[${index}].${p.path}`
            : `definitions[${index}]`,
        })),
      );
      continue;
    }
    const { definition } = parsed;
    const ref = refOf(definition);
    if (ref.gns !== undefined) {
      const owner = await hub.definitions.get({
        kind: 'GlobalNamespace',
        name: ref.gns,
      });
      if (owner && !mayRead(owner.definition)) {
        problems.push({
          ...missingGlobalNamespace(ref.gns),
          definition: formatRef(ref),
        });
        continue;
      }
    }
    const previous = await hub.definitions.get(ref);
    problems.push(
      ...[
        ...parsed.warnings,
        ...(previous && mayRead(previous.definition)
          ? findKind(definition.kind)?.checkChange?.(
              previous.definition,
              definition,
            ) ?? []
          : []),
      ].map(p => ({ ...p, definition: formatRef(ref) })),
    );
    definitions.push(definition);
  }
  const deletions: DefinitionRef[] = [];
  for (const [index, text] of body.deletions.entries()) {
    const ref = parseRef(text);
    const found = await hub.definitions.get(ref);
    if (found && mayRead(found.definition)) {
      deletions.push(ref);
    } else {
      problems.push({
        severity: 'error',
        code: 'not-found',
        path: `deletions[${index}]`,
        value: showValue(text),
        message: 'There is no such definition, or you may not read it.',
        remedy: 'Correct the reference; GET definitions lists them.',
      });
    }
  }
  return { definitions, deletions, problems };
}

async function makePlan(
  hub: HubContext,
  body: { definitions: unknown[]; deletions: string[] },
  mayRead: (definition: Definition) => boolean,
): Promise<Plan> {
  const { definitions, deletions, problems } = await readChange(
    hub,
    body,
    mayRead,
  );
  const written = { definitions, deletions: deletions.map(formatRef) };
  const all = [
    ...problems,
    ...(await hub.view.check({ definitions, deletions })),
  ];
  if (problems.some(p => p.severity === 'error')) {
    return { ...EMPTY, hash: planHash(EMPTY, written), problems: all };
  }
  const snapshot = await hub.view.snapshot();
  const before = hub.view.composed(snapshot);
  const after = hub.view.composeChange(snapshot, { definitions, deletions });
  const changes = planChanges(before, after);
  const hash = planHash(changes, written);
  const ids = new Map(snapshot.clusters.map(c => [c.name, c.id]));
  const lost = changes.clusters.flatMap(({ cluster, objects }) =>
    objects
      .filter(o => o.change === 'delete')
      .map(o => `${ids.get(cluster)}/${o.key}`),
  );
  await rememberPlan(hub, hash, lost);

  // Other global namespaces may change too; who may not read them sees no manifest of theirs.
  const hidden = new Set(
    snapshot.input.definitions
      .filter(d => !mayRead(d.definition as unknown as Definition))
      .map(d => d.definition.metadata.name),
  );
  return {
    hash,
    problems: all,
    summary: changes.summary,
    clusters: changes.clusters.map(c => ({
      ...c,
      objects: c.objects.filter(o => !hidden.has(o.gns)),
      conditions: c.conditions.filter(o => !o.gns || !hidden.has(o.gns)),
    })),
  };
}

/** Keeps what a plan would delete, so that its hash lets exactly that pass. */
async function rememberPlan(
  hub: HubContext,
  hash: string,
  deletions: readonly string[],
): Promise<void> {
  const now = hub.now();
  await hub
    .knex('gns_plans')
    .where('created_at', '<', new Date(now - PLAN_KEPT_MS).toISOString())
    .delete();
  if (deletions.length === 0) return;
  const row = {
    deletions: JSON.stringify(deletions),
    created_at: new Date(now).toISOString(),
  };
  await hub
    .knex('gns_plans')
    .insert({ hash, ...row })
    .onConflict('hash')
    .merge(row);
}
