import { NotFoundError } from '@backstage/errors';
import type { Request, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  formatRef,
  fromOpenSlo,
  openSloImportRequestSchema,
  parseYaml,
  REST_PATH,
  SLO_STATES,
  sloAnnotationRequestSchema,
  sloPreviewRequestSchema,
  toOpenSlo,
  type DefinitionRef,
  type SloEvent,
  type SloList,
  type SloSummary,
} from '@isthmus/plugin-gns-common';
import { stringify } from 'yaml';
import { z } from 'zod';
import { actionsOf } from '../slo/actions';
import { isObjective, missingGlobalNamespace } from '../slo/checkObjectives';
import { detailOf } from '../slo/details';
import { insertEvent } from '../slo/eventRows';
import { previewOf, readProposal } from '../slo/preview';
import { selectSlos } from '../slo/selectSlos';
import type { SloService, SloView } from '../slo/SloService';
import { isoOf } from '../slo/summaries';
import { actorOf } from './actorOf';
import { audited } from './audited';
import type { HubContext } from './HubContext';
import { formatCursor, readCursor } from './pageOf';
import { parseRequest } from './parseRequest';
import { readableSlos, sloKey } from './readableSlos';
import { readJsonBody } from './readJsonBody';
import { listSlosQuerySchema, readSelection } from './sloRequests';

const MAX_BODY = 512 * 1024;
const detailQuerySchema = z.object({
  objective: z.string().max(63).optional(),
});
const actionsQuerySchema = z.object({
  gns: z.string().max(63).optional(),
  service: z.string().max(63).optional(),
});

/** `/v1/slos…`: what was promised, and whether it holds. */
export function createSlosRouter(hub: HubContext, slo: SloService): Router {
  const router = PromiseRouter();
  const credentialsOf = (request: Request) =>
    hub.httpAuth.credentials(request, { allow: ['user', 'service'] });

  const readable = async (request: Request, view: SloView) =>
    readableSlos(hub, await credentialsOf(request), view);

  /** @throws NotFoundError for one that is not there, or that the caller may not read */
  const requireObjective = async (request: Request) => {
    const { gns, name } = request.params;
    const ref = { kind: 'ServiceLevelObjective', gns, name };
    const { definition } = await hub.authorizer.require(
      await credentialsOf(request),
      'read',
      ref,
      await hub.definitions.get(ref),
    );
    if (!isObjective(definition)) throw new NotFoundError(formatRef(ref));
    return { ref, definition };
  };

  const globalNamespace = async (request: Request, name: string) => {
    const ref: DefinitionRef = { kind: 'GlobalNamespace', name };
    return hub.authorizer.require(
      await credentialsOf(request),
      'read',
      ref,
      await hub.definitions.get(ref),
    );
  };

  router.get(`${REST_PATH}/slos`, async (request, response) => {
    const query = parseRequest(listSlosQuerySchema, request.query, 'query');
    const all = await readable(request, await slo.view());
    const selected = selectSlos(all, readSelection(query));
    const start = startOf(selected, query.cursor);
    const items = selected.slice(start, start + query.limit);
    const last = items.at(-1);
    const states = Object.fromEntries(
      SLO_STATES.map(state => [
        state,
        selected.filter(row => row.state === state).length,
      ]),
    ) as SloList['states'];
    const answer: SloList = {
      items,
      ...(last && start + items.length < selected.length
        ? {
            nextCursor: formatCursor(`${start + items.length} ${sloKey(last)}`),
          }
        : {}),
      total: selected.length,
      states,
      owners: [
        ...new Set(all.flatMap(row => (row.owner ? [row.owner] : []))),
      ].sort(),
    };
    response.json(answer);
  });

  router.get(`${REST_PATH}/slos/:gns/:name`, async (request, response) => {
    const query = parseRequest(detailQuerySchema, request.query, 'query');
    const { ref } = await requireObjective(request);
    const found = async () => {
      const view = await slo.view();
      const row = view.rows.find(r => sloKey(r) === formatRef(ref));
      const book = view.books.get(formatRef(ref));
      return row && book && { row, book };
    };
    let subject = await found();
    if (!subject) {
      // It was written a moment ago.
      await slo.run();
      subject = await found();
    }
    if (!subject) throw new Error(`${formatRef(ref)} was not evaluated`);
    const { detail } = await detailOf(slo, subject.book, subject.row, query);
    response.json(detail);
  });

  router.post(`${REST_PATH}/slos/preview`, async (request, response) => {
    await credentialsOf(request);
    const { definition: document } = parseRequest(
      sloPreviewRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const { definition, problems } = readProposal(document);
    if (!definition) {
      response.json({ problems, past: [], alerts: [] });
      return;
    }
    const { gns } = definition.metadata;
    const mayRead = await hub.authorizer.readablePredicate(
      await credentialsOf(request),
    );
    const owner = await hub.definitions.get({
      kind: 'GlobalNamespace',
      name: gns,
    });
    if (!owner || !mayRead(owner.definition)) {
      response.json({
        problems: [...problems, missingGlobalNamespace(gns)],
        past: [],
        alerts: [],
      });
      return;
    }
    const checked = await hub.view.check({
      definitions: [definition as unknown as typeof owner.definition],
      deletions: [],
    });
    response.json(await previewOf(slo, definition, [...problems, ...checked]));
  });

  router.get(
    `${REST_PATH}/slos/:gns/:name/openslo`,
    async (request, response) => {
      const { definition } = await requireObjective(request);
      const { documents, losses } = toOpenSlo(definition);
      response.json({
        documents,
        yaml: documents.map(document => stringify(document)).join('---\n'),
        losses,
      });
    },
  );

  router.post(`${REST_PATH}/slos/openslo`, async (request, response) => {
    await credentialsOf(request);
    const { text, gns } = parseRequest(
      openSloImportRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const yaml = parseYaml(text);
    response.json(
      yaml.ok
        ? fromOpenSlo(yaml.documents, gns)
        : { definitions: [], problems: yaml.problems },
    );
  });

  router.post(`${REST_PATH}/slos/annotations`, async (request, response) => {
    const credentials = await credentialsOf(request);
    const body = parseRequest(
      sloAnnotationRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const ref = { kind: 'GlobalNamespace', name: body.gns };
    await hub.authorizer.require(
      credentials,
      'update',
      ref,
      await hub.definitions.get(ref),
    );
    const { gns, at, ...words } = body;
    const event = {
      ...words,
      gns,
      actor: actorOf(credentials),
      at: Math.floor((at ? Date.parse(at) : hub.now()) / 1000),
    };
    await audited(
      hub.auditor,
      {
        eventId: 'slo-annotate',
        request,
        severityLevel: 'low',
        meta: { gns, kind: body.kind },
      },
      () => insertEvent(hub.knex, event),
    );
    hub.signal('slos', gns);
    const { gns: _, ...shown } = event;
    response
      .status(201)
      .json({ ...shown, at: isoOf(event.at) } satisfies SloEvent);
  });

  router.get(`${REST_PATH}/slo-actions`, async (request, response) => {
    const query = parseRequest(actionsQuerySchema, request.query, 'query');
    if (query.gns !== undefined) await globalNamespace(request, query.gns);
    const rows = await readable(request, await slo.view());
    response.json({ items: actionsOf(rows, query) });
  });
  return router;
}

/** Behind the last row of the page before; rows may have moved meanwhile. */
function startOf(
  rows: readonly SloSummary[],
  cursor: string | undefined,
): number {
  if (cursor === undefined) return 0;
  const [place, key] = readCursor(cursor).split(' ');
  const last = rows.findIndex(row => sloKey(row) === key);
  if (last >= 0) return last + 1;
  const start = Number(place);
  return Number.isInteger(start) && start >= 0 ? start : 0;
}
