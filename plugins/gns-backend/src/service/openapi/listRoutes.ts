import type { IRouter } from 'express';
import { REST_PATH, routes } from '@isthmus/plugin-gns-common';

/** What Express 4 keeps of a router; it publishes no types for it. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  regexp?: RegExp & { fast_slash?: boolean };
  handle?: { stack?: Layer[] };
}

/**
 * All operations of an Express 4 router and of those mounted in it, as
 * `get /v1/definitions/{kind}/{name}`, sorted, each once.
 */
export function listRoutes(router: IRouter): string[] {
  return [...new Set(walk(router.stack as Layer[], ''))].sort();
}

function walk(stack: readonly Layer[], prefix: string): string[] {
  return stack.flatMap(layer => {
    if (layer.route) {
      const path = `${prefix}${layer.route.path}`.replace(
        /:(\w+)(\([^)]*\))?/g,
        '{$1}',
      );
      return Object.keys(layer.route.methods).map(
        method => `${method} ${path}`,
      );
    }
    return layer.handle?.stack
      ? walk(layer.handle.stack, `${prefix}${mountPath(layer)}`)
      : [];
  });
}

/** `router.use('/v1', …)` leaves only the expression `^\/v1\/?(?=\/|$)`. */
function mountPath({ regexp }: Layer): string {
  if (!regexp || regexp.fast_slash) return '';
  const match = /^\^((?:\\\/[\w-]+)+)\\\/\?\(\?=\\\/\|\$\)$/.exec(
    regexp.source,
  );
  if (!match) {
    throw new Error(
      `Routers are mounted below fixed paths only; this one is at ${regexp.source}`,
    );
  }
  return match[1].replaceAll('\\/', '/');
}

/** What the contract promises, in the form of {@link listRoutes}. */
export function documentedRoutes(): string[] {
  return routes
    .map(route => `${route.method} ${REST_PATH}${route.path}`)
    .sort();
}
