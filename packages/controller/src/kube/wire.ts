import { z } from 'zod';
import {
  KubeError,
  KubeListPage,
  KubeObject,
  KubeResource,
  KubeWatchEvent,
  TokenReviewStatus,
} from './KubeApi';

const objectSchema = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
});

const listSchema = z.looseObject({
  metadata: z.looseObject({
    resourceVersion: z.string().default(''),
    continue: z.string().optional(),
  }),
  items: z.array(z.unknown()).nullish(),
});

const statusSchema = z.looseObject({
  code: z.number().optional(),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .looseObject({
      causes: z
        .array(z.looseObject({ reason: z.string().optional() }))
        .nullish(),
      retryAfterSeconds: z.number().optional(),
    })
    .nullish(),
});

const eventSchema = z.looseObject({ type: z.string(), object: z.unknown() });

const tokenReviewSchema = z.looseObject({
  kind: z.literal('TokenReview'),
  status: z.looseObject({
    authenticated: z.boolean().optional(),
    audiences: z.array(z.string()).optional(),
    error: z.string().optional(),
    user: z
      .looseObject({
        username: z.string().optional(),
        groups: z.array(z.string()).optional(),
        extra: z.record(z.string(), z.array(z.string())).optional(),
      })
      .optional(),
  }),
});

/** Reads the answer to a TokenReview. Throws ZodError for anything else. */
export function parseTokenReview(body: unknown): TokenReviewStatus {
  return tokenReviewSchema.parse(body).status;
}

/** Reads any Kubernetes object. Throws ZodError when it has no name. */
export function parseObject(body: unknown): KubeObject {
  const object = objectSchema.parse(body);
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: object.metadata.labels ?? undefined,
      annotations: object.metadata.annotations ?? undefined,
    },
  };
}

/** Reads one page of a list; items get the kind that lists leave out. */
export function parseListPage(
  body: unknown,
  resource: KubeResource,
): KubeListPage {
  const list = listSchema.parse(body);
  return {
    resourceVersion: list.metadata.resourceVersion,
    continue: list.metadata.continue || undefined,
    items: (list.items ?? []).map(item => ({
      ...parseObject(item),
      apiVersion: resource.apiVersion,
      kind: resource.kind,
    })),
  };
}

/** Reads one line of a watch. Throws {@link KubeError} for an ERROR event. */
export function parseWatchEvent(line: unknown): KubeWatchEvent {
  const { type, object } = eventSchema.parse(line);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: parseObject(object) };
    case 'BOOKMARK': {
      const { metadata } = z
        .looseObject({
          metadata: z.looseObject({ resourceVersion: z.string() }),
        })
        .parse(object);
      return { type, resourceVersion: metadata.resourceVersion };
    }
    default:
      throw statusError(500, object);
  }
}

/** The error of an answer that was not 2xx. */
export function readStatus(
  code: number,
  text: string,
  retryAfterHeader?: string | string[],
): KubeError {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // Proxies answer in HTML: the text itself is the message then.
    body = { message: text.slice(0, 500) };
  }
  return statusError(code, body, Number(retryAfterHeader) || undefined);
}

function statusError(
  fallbackCode: number,
  body: unknown,
  retryAfter?: number,
): KubeError {
  const parsed = statusSchema.safeParse(body);
  const status = parsed.success ? parsed.data : {};
  const code = status.code ?? fallbackCode;
  return new KubeError(
    status.message || `The API server answered ${code}`,
    code,
    status.reason ?? '',
    (status.details?.causes ?? []).flatMap(c => (c.reason ? [c.reason] : [])),
    status.details?.retryAfterSeconds ?? retryAfter,
  );
}
