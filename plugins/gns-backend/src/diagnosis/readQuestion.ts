import { InputError } from '@backstage/errors';
import { showValue } from '@isthmus/plugin-gns-common';

/** Who calls or is called, as it was written: names are not looked up yet. */
export type Asked =
  | {
      readonly type: 'place';
      readonly cluster: string;
      readonly namespace: string;
      readonly workload: string | null;
    }
  | { readonly type: 'service'; readonly gns: string; readonly service: string }
  /** `<cluster>/<namespace>` or `<gns>/<service>`. */
  | { readonly type: 'pair'; readonly first: string; readonly second: string }
  | { readonly type: 'host'; readonly host: string }
  | { readonly type: 'entity'; readonly ref: string };

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const ENTITY = /^[a-zA-Z][a-zA-Z0-9]{0,62}:([\w.-]{1,63}\/)?[\w.-]{1,63}$/;

/**
 * Reads one side of the question.
 * @throws InputError with the forms that are taken
 */
export function readAsked(text: string, where: 'from' | 'to'): Asked {
  const refuse = () =>
    new InputError(
      `query.${where}: ${showValue(
        text,
      )} names nobody. Write <cluster>/<namespace>[/<workload>], <gns>/<service>, a host of a global namespace, or the reference of a catalog entity (component:default/stock).`,
    );
  const [, prefix, rest] = /^(workload|service):(.*)$/s.exec(text) ?? [
    text,
    '',
    text,
  ];
  if (!prefix && rest.includes(':')) {
    if (!ENTITY.test(rest)) throw refuse();
    return { type: 'entity', ref: rest };
  }
  const parts = rest.split('/');
  if (!parts.every(p => NAME.test(p))) throw refuse();
  const [first, second, third] = parts;
  if (prefix !== 'service' && parts.length === 3) {
    return {
      type: 'place',
      cluster: first,
      namespace: second,
      workload: third,
    };
  }
  if (parts.length === 2) {
    switch (prefix) {
      case 'workload':
        return {
          type: 'place',
          cluster: first,
          namespace: second,
          workload: null,
        };
      case 'service':
        return { type: 'service', gns: first, service: second };
      default:
        return { type: 'pair', first, second };
    }
  }
  if (!prefix && parts.length === 1 && first.includes('.')) {
    return { type: 'host', host: first };
  }
  throw refuse();
}
