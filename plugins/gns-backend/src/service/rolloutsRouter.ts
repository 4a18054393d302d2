import { InputError } from '@backstage/errors';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  createRolloutRequestSchema,
  formatRef,
  parseDefinition,
  parseRef,
  refOf,
  REST_PATH,
  rolloutDecisionSchema,
  showValue,
  type Definition,
  type DefinitionRef,
} from '@isthmus/plugin-gns-common';
import type { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import type { RolloutService } from '../rollouts/RolloutService';
import { getRollout, listRollouts } from '../rollouts/RolloutStore';
import { actorOf } from './actorOf';
import { audited } from './audited';
import { withConflict } from './describeConflict';
import { InvalidDefinitionError, PreconditionRequiredError } from './errors';
import type { HubContext } from './HubContext';
import { parseRequest } from './parseRequest';
import { readJsonBody } from './readJsonBody';
import type { RolloutAnswers } from './RolloutAnswers';

const MAX_BODY = 512 * 1024;
const MAX_DECISION = 16 * 1024;

export interface RolloutsRouterOptions {
  readonly hub: HubContext;
  readonly rollouts: RolloutService;
  readonly store: DatabaseDefinitionStore;
  readonly answers: RolloutAnswers;
  /** Throws while the hub takes no writes. */
  readonly assertWritable: () => Promise<void>;
}

/** What a request wants to change, read. */
function readChange(body: { definition?: unknown; deletion?: string }): {
  ref: DefinitionRef;
  document: unknown;
  target: Definition | undefined;
} {
  if ((body.definition === undefined) === (body.deletion === undefined)) {
    throw new InputError(
      'body: send exactly one of definition and deletion: what is to be written, or the reference of what is to be deleted.',
    );
  }
  if (body.deletion !== undefined) {
    const ref = parseRef(body.deletion);
    return { ref: onlyGlobal(ref), document: undefined, target: undefined };
  }
  const parsed = parseDefinition(body.definition);
  if (!parsed.ok) throw InvalidDefinitionError.of(parsed.problems);
  return {
    ref: onlyGlobal(refOf(parsed.definition)),
    document: body.definition,
    target: parsed.definition,
  };
}

function onlyGlobal(ref: DefinitionRef): DefinitionRef {
  if (ref.kind === 'GlobalNamespace') return ref;
  throw new InputError(
    `body: ${showValue(
      formatRef(ref),
    )} reaches no cluster by itself, so there is nothing to roll out. Write it with PUT definitions.`,
  );
}

/** `/v1/rollouts`: changes on their way to the clusters. */
export function createRolloutsRouter(options: RolloutsRouterOptions): Router {
  const { hub, rollouts, store, answers } = options;
  const router = PromiseRouter();
  const credentialsOf = (request: Request) =>
    hub.httpAuth.credentials(request, { allow: ['user', 'service'] });

  const changed = (gns: string) => {
    hub.reconcile();
    hub.signal('rollouts', gns);
  };

  router.post(`${REST_PATH}/rollouts`, async (request, response) => {
    const credentials = await credentialsOf(request);
    const body = parseRequest(
      createRolloutRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const change = readChange(body);
    const { ref, target } = change;
    const begun = await audited(
      hub.auditor,
      {
        eventId: 'rollout-create',
        request,
        severityLevel: target ? 'medium' : 'high',
        meta: { ref: formatRef(ref), waves: body.strategy.waves.length },
      },
      async learned => {
        const found = await store.get(ref);
        if (body.expect === null) {
          await hub.authorizer.requireCreate(credentials, ref);
          await hub.authorizer.refuseHiddenName(credentials, ref, found);
        } else {
          await hub.authorizer.require(
            credentials,
            target ? 'update' : 'delete',
            ref,
            found,
          );
        }
        await options.assertWritable();
        const precondition =
          body.expect === null
            ? ({ type: 'absent' } as const)
            : ({ type: 'generation', generation: body.expect } as const);
        const record = await withConflict(
          { store, answers, credentials },
          ref,
          precondition,
          () =>
            rollouts.begin({
              ...change,
              expect: body.expect,
              strategy: body.strategy,
              plan: body.plan,
              message: body.message,
              actor: actorOf(credentials),
            }),
        );
        learned.rollout = record.id;
        return record;
      },
    );
    changed(begun.gns);
    response.status(201).json(await answers.one(credentials, begun));
  });

  router.get(`${REST_PATH}/rollouts`, async (request, response) => {
    const credentials = await credentialsOf(request);
    const { state = 'all', gns } = request.query;
    if (state !== 'active' && state !== 'all') {
      throw new InputError(
        `query.state: ${showValue(state)} is not known. Write active or all`,
      );
    }
    const found = await listRollouts(hub.knex, {
      ...(typeof gns === 'string' ? { gns } : {}),
      active: state === 'active',
    });
    response.json({
      items: await answers.many(
        credentials,
        await answers.readable(credentials, found),
      ),
    });
  });

  router.get(`${REST_PATH}/rollouts/:id`, async (request, response) => {
    const credentials = await credentialsOf(request);
    const record = await getRollout(hub.knex, request.params.id);
    await answers.require(credentials, 'read', record);
    response.json(await answers.one(credentials, record));
  });

  for (const action of ['pause', 'resume', 'advance', 'back'] as const) {
    router.post(
      `${REST_PATH}/rollouts/:id/${action}`,
      async (request, response) => {
        const credentials = await credentialsOf(request);
        const { version, reason } = parseRequest(
          rolloutDecisionSchema,
          (await readJsonBody(request, response, MAX_DECISION)) ?? {},
          'body',
        );
        const record = await getRollout(hub.knex, request.params.id);
        await answers.require(credentials, 'update', record);
        if (
          version === undefined &&
          (action === 'resume' || action === 'advance')
        ) {
          throw new PreconditionRequiredError(
            `body.version is missing: send the version of the rollout that you saw, because ${action} lets more happen.`,
          );
        }
        await options.assertWritable();
        const next = await audited(
          hub.auditor,
          {
            eventId: 'rollout-decide',
            request,
            severityLevel: action === 'back' ? 'high' : 'medium',
            meta: { actionType: action, rollout: record.id, gns: record.gns },
          },
          () =>
            rollouts.decide(record.id, action, {
              actor: actorOf(credentials),
              reason,
              version,
            }),
        );
        changed(next.gns);
        response.json(await answers.one(credentials, next));
      },
    );
  }
  return router;
}
