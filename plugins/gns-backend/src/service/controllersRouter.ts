import type { AuditorService } from '@backstage/backend-plugin-api';
import {
  AuthenticationError,
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { Knex } from 'knex';
import type { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  compareEpochs,
  CONTROLLERS_PATH,
  enrollRequestSchema,
  formatEpoch,
  HIGHEST_EPOCH_HEADER,
  HIGHEST_EPOCH_PROOF_HEADER,
  issuerRequestSchema,
  MAX_CSR_LENGTH,
  MAX_OBSERVATIONS_BYTES,
  MAX_REPORT_BYTES,
  MAX_WAIT_SECONDS,
  readEpoch,
  rekeyRequestSchema,
  reportSchema,
  showValue,
  ZERO_EPOCH,
  type Epoch,
} from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import type { IssuerService } from '../authority/IssuerService';
import { lookUpDesired, ownEpoch } from '../delivery/desiredAnswer';
import { enterReadOnly } from '../delivery/hubState';
import type { Wakeups } from '../delivery/Wakeups';
import { takeReport } from '../inventory/takeReport';
import type { EndpointInUse } from '../inventory/takeInventory';
import type { ClusterRecord } from '../members/clusterRows';
import type { ControllerAuthenticator } from '../members/ControllerAuthenticator';
import { enrol, rekey, type Audit } from '../members/enrolment';
import type { HubIdentity } from '../members/hubIdentity';
import { TokenBuckets } from '../members/TokenBuckets';
import type { TelemetryHub } from '../telemetry/TelemetryHub';
import { audited } from './audited';
import { parseRequest } from './parseRequest';
import { readJsonBody } from './readJsonBody';
import { TooManyRequestsError } from './TooManyRequestsError';

const MAX_SMALL_BODY = 16 * 1024;
const MAX_ISSUER_BODY = 2 * MAX_CSR_LENGTH;
/** When to ask again for an issuer that cannot be signed now. */
const UNAVAILABLE_SECONDS = 30;

export interface ControllersRouterOptions {
  knex: Knex;
  hub: HubIdentity;
  authenticator: ControllerAuthenticator;
  wakeups: Wakeups;
  auditor: AuditorService;
  audit: Audit;
  now: () => number;
  telemetry: Pick<TelemetryHub, 'take'>;
  /** Published endpoints of a cluster, for judging what a report would take away. */
  endpointsOf: (cluster: ClusterRecord) => Promise<readonly EndpointInUse[]>;
  /** Told when there is something to reconcile. */
  onReport: (change: {
    relevant: boolean;
    holdsChanged: boolean;
    authoritiesChanged: boolean;
  }) => void;
  authorities: Pick<IssuerService, 'issue'>;
  /** Throws while the hub takes no changes. */
  assertWritable: () => Promise<void>;
  /** Told when a cluster enrolled, or the hub became read-only. */
  onClustersChanged: () => void;
}

/** How long a controller wants to wait; proxies cut longer waits. */
const waitSchema = z.strictObject({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_WAIT_SECONDS)
    .default(MAX_WAIT_SECONDS),
});

function readHighest(request: Request, after: Epoch): Epoch {
  const header = request.header(HIGHEST_EPOCH_HEADER);
  if (header === undefined) return after;
  const highest = readEpoch(header);
  if (!highest) {
    throw new InputError(
      `${HIGHEST_EPOCH_HEADER}: ${showValue(
        header,
      )} is no epoch. Write it as <term>.<n>`,
    );
  }
  return compareEpochs(highest, after) > 0 ? highest : after;
}

/** `/controllers/v1`: enrolment, desired states and reports, for controllers and their own tokens. */
export function createControllersRouter(
  options: ControllersRouterOptions,
): Router {
  const { knex, hub, authenticator, wakeups, auditor, audit, now } = options;
  // Tokens cannot be guessed; this bounds the work that strangers can cause. A fleet may join at once.
  const enrolments = new TokenBuckets({ perSecond: 1, burst: 120, now });
  const requests = new TokenBuckets({ perSecond: 10, burst: 60, now });
  // One per global namespace and week is what a cluster needs; a rotation asks for all of them at once.
  const signatures = new TokenBuckets({ perSecond: 2, burst: 100, now });
  const router = PromiseRouter();

  const limit = (buckets: TokenBuckets, key: string, response: Response) => {
    const wait = buckets.take(key);
    if (wait <= 0) return;
    response.setHeader('retry-after', Math.ceil(wait));
    throw new TooManyRequestsError(
      `Too many requests. Wait ${Math.ceil(wait)} s, then try again`,
    );
  };
  const authenticate = async (request: Request, response: Response) => {
    const token = await authenticator.authenticate(
      request.header('authorization'),
    );
    limit(requests, token.cluster.id, response);
    await authenticator.use(token);
    return token.cluster;
  };
  /** True when this hub itself once signed the epoch for this cluster. */
  const isProven = async (
    request: Request,
    cluster: ClusterRecord,
    highest: Epoch,
  ) => {
    const proof = request.header(HIGHEST_EPOCH_PROOF_HEADER);
    const signed = proof && (await hub.verify(proof));
    return (
      signed !== undefined &&
      signed !== '' &&
      signed.hub === hub.hubId &&
      signed.cluster === cluster.id &&
      compareEpochs(signed.epoch, highest) === 0
    );
  };
  /** @throws ConflictError when the controller has seen more than this hub ever made */
  const refuseFuture = async (
    request: Request,
    cluster: ClusterRecord,
    highest: Epoch,
    own: Epoch,
  ) => {
    if (compareEpochs(highest, own) <= 0) return;
    if (!(await isProven(request, cluster, highest))) {
      throw new ConflictError(
        `The epoch ${formatEpoch(highest)} is above this hub's ${formatEpoch(
          own,
        )}, and nothing that this hub signed proves it (${HIGHEST_EPOCH_PROOF_HEADER}). Keep what is applied`,
      );
    }
    const entered = await enterReadOnly(
      knex,
      { clusterName: cluster.name, own, highest },
      now(),
    );
    if (entered) options.onClustersChanged();
    throw new ConflictError(
      `The epoch ${formatEpoch(highest)} is above this hub's ${formatEpoch(
        own,
      )}: it was probably restored from an older backup. It stays read-only until a person confirms; keep what is applied`,
    );
  };

  router.post(`${CONTROLLERS_PATH}/enroll`, async (request, response) => {
    limit(enrolments, 'all', response);
    const body = parseRequest(
      enrollRequestSchema,
      await readJsonBody(request, response, MAX_SMALL_BODY),
      'body',
    );
    // The auditor would take the request's token for Backstage's own: none is passed.
    const enrolled = await audited(
      auditor,
      {
        eventId: 'controller-enroll',
        severityLevel: 'high',
        meta: { clusterUid: body.clusterUid },
      },
      async learned => {
        const answer = await enrol(knex, body, { hub, audit, now: now() });
        learned.cluster = answer.clusterName;
        return answer;
      },
    );
    options.onClustersChanged();
    response.json(enrolled);
  });

  router.post(`${CONTROLLERS_PATH}/rekey`, async (request, response) => {
    const cluster = await authenticate(request, response);
    const body = parseRequest(
      rekeyRequestSchema,
      await readJsonBody(request, response, MAX_SMALL_BODY),
      'body',
    );
    await audited(
      auditor,
      {
        eventId: 'controller-rekey',
        severityLevel: 'high',
        meta: { cluster: cluster.name },
      },
      () => rekey(knex, cluster, body, { audit }),
    );
    response.status(204).end();
  });

  router.post(`${CONTROLLERS_PATH}/report`, async (request, response) => {
    const cluster = await authenticate(request, response);
    const report = parseRequest(
      reportSchema,
      await readJsonBody(request, response, MAX_REPORT_BYTES),
      'report',
    );
    const highest = readHighest(request, report.appliedEpoch);
    const head = await ownEpoch(knex, cluster.id);
    if (!head) {
      throw new AuthenticationError('The cluster is no longer a member');
    }
    if (
      compareEpochs(highest, head.own) > 0 &&
      (await isProven(request, cluster, highest))
    ) {
      // Taken all the same: pages show what is there while nothing changes.
      const entered = await enterReadOnly(
        knex,
        { clusterName: cluster.name, own: head.own, highest },
        now(),
      );
      if (entered) options.onClustersChanged();
    }
    const taken = await takeReport(knex, cluster, report, {
      now: now(),
      term: head.own.term,
      // Heartbeats carry no inventory, and there are many of them.
      endpoints:
        Object.keys(report.inventory).length > 0
          ? await options.endpointsOf(cluster)
          : undefined,
    });
    options.onReport(taken);
    response.json(taken.response);
  });

  router.post(`${CONTROLLERS_PATH}/issuer`, async (request, response) => {
    const cluster = await authenticate(request, response);
    limit(signatures, cluster.id, response);
    const body = parseRequest(
      issuerRequestSchema,
      await readJsonBody(request, response, MAX_ISSUER_BODY),
      'body',
    );
    try {
      await options.assertWritable();
      response.json(
        await audited(
          auditor,
          {
            eventId: 'issuer-sign',
            severityLevel: 'high',
            meta: { cluster: cluster.name, gns: body.gns },
          },
          async learned => {
            const { response: answer, made } = await options.authorities.issue(
              cluster,
              body,
            );
            learned.serial = answer.serial;
            learned.rootKeyId = answer.rootKeyId;
            learned.made = made;
            return answer;
          },
        ),
      );
    } catch (error) {
      if (error instanceof ServiceUnavailableError) {
        response.setHeader('retry-after', UNAVAILABLE_SECONDS);
      }
      throw error;
    }
  });

  router.post(`${CONTROLLERS_PATH}/observations`, async (request, response) => {
    const cluster = await authenticate(request, response);
    const body = await readJsonBody(request, response, MAX_OBSERVATIONS_BYTES);
    response.json(await options.telemetry.take(cluster, body));
  });

  router.get(`${CONTROLLERS_PATH}/desired`, async (request, response) => {
    const cluster = await authenticate(request, response);
    const given = String(request.query.after ?? formatEpoch(ZERO_EPOCH));
    const after = readEpoch(given);
    if (!after) {
      throw new InputError(
        `query.after: ${showValue(
          given,
        )} is no epoch. Write it as <term>.<n>, or 0.0 at first`,
      );
    }
    const highest = readHighest(request, after);
    const { wait: seconds } = parseRequest(
      waitSchema,
      { wait: request.query.wait },
      'query',
    );
    const left = new AbortController();
    response.on('close', () => left.abort());
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      // Wait first, look then: what commits in between wakes the wait.
      const enough = new AbortController();
      const woken = wakeups.wait(
        cluster.id,
        deadline - performance.now(),
        AbortSignal.any([left.signal, enough.signal]),
      );
      let found;
      try {
        found = await lookUpDesired(knex, hub, {
          clusterId: cluster.id,
          after,
          highest,
          now: now(),
        });
        if (found.type === 'restored') {
          await refuseFuture(request, cluster, highest, found.own);
        }
      } catch (error) {
        enough.abort();
        throw error;
      }
      if (found.type === 'gone') {
        enough.abort();
        throw new AuthenticationError('The cluster is no longer a member');
      }
      if (found.type === 'delta') {
        enough.abort();
        response.setHeader('etag', `"${formatEpoch(found.delta.epoch)}"`);
        response.setHeader('cache-control', 'no-store');
        response.json(found.delta);
        return;
      }
      await woken;
      const over =
        wakeups.closed || left.signal.aborted || performance.now() >= deadline;
      if (over) {
        response.status(204).end();
        return;
      }
    }
  });

  return router;
}
