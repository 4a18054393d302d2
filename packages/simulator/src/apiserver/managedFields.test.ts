import fc from 'fast-check';
import { FieldSet, decodeFields, encodeFields, formatPath } from './fieldSets';
import { schemaOf } from './fieldSchema';
import { applyConfiguration, ignoredFields } from './managedFields';
import type { JsonObject, KubernetesObject } from './objects';
import { jsonEqual } from './objects';
import { findKind } from './resources';
import { ApiStatusError } from './statusErrors';

const CONFIG_MAP = findKind('v1', 'ConfigMap')!;
const SERVICE = findKind('v1', 'Service')!;

interface Port {
  port: number;
  protocol: string;
  name: string;
}

/** A configuration of a ConfigMap-like object with a keyed list beside it. */
interface Config {
  labels: Record<string, string>;
  ports: Port[];
}

function service({ labels, ports }: Config): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'x',
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    ...(ports.length > 0 ? { spec: { ports } } : {}),
  };
}

function apply(
  live: KubernetesObject | undefined,
  config: KubernetesObject,
  manager: string,
  options: { force?: boolean; time?: string } = {},
): KubernetesObject {
  const type = config.kind === 'Service' ? SERVICE : CONFIG_MAP;
  return applyConfiguration({
    schema: schemaOf(type),
    live,
    config,
    writer: {
      manager,
      apiVersion: 'v1',
      time: options.time ?? '2026-01-01T00:00:00Z',
    },
    force: options.force ?? false,
    ignored: ignoredFields(type.status, undefined),
  });
}

/** Everything but ownership. */
function content(object: KubernetesObject): JsonObject {
  const { managedFields, ...metadata } = object.metadata;
  const copy = JSON.parse(JSON.stringify({ ...object, metadata }));
  copy.spec?.ports?.sort((a: Port, b: Port) => a.port - b.port);
  return copy;
}

const key = fc.constantFrom('a', 'b', 'c', 'd');
const value = fc.constantFrom('1', '2', '3');
const labels = fc.dictionary(key, value, { maxKeys: 4 });
const ports = fc.uniqueArray(
  fc.record({
    port: fc.integer({ min: 80, max: 84 }),
    protocol: fc.constant('TCP'),
    name: fc.constantFrom('http', 'grpc', 'tls'),
  }),
  { selector: port => port.port, maxLength: 4 },
);
const config: fc.Arbitrary<Config> = fc.record({ labels, ports });

function isConflict(error: unknown): boolean {
  return error instanceof ApiStatusError && error.code === 409;
}

function tryApply(...args: Parameters<typeof apply>) {
  try {
    return apply(...args);
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

describe('server-side apply, as pure functions', () => {
  it('the same configuration again gives the same object, time included', () => {
    fc.assert(
      fc.property(config, one => {
        const first = apply(undefined, service(one), 'm', {
          time: '2026-01-01T00:00:00Z',
        });
        const second = apply(first, service(one), 'm', {
          time: '2027-01-01T00:00:00Z',
        });
        expect(second).toEqual(first);
      }),
    );
  });

  it('what is stated is what is there, whatever was there before', () => {
    fc.assert(
      fc.property(config, config, (before, after) => {
        const first = apply(undefined, service(before), 'm');
        const second = apply(first, service(after), 'm');
        expect(content(second)).toEqual(content(service(after)));
      }),
    );
  });

  it('without force nothing of another manager changes', () => {
    fc.assert(
      fc.property(config, config, config, (theirs, ours, later) => {
        let live = apply(undefined, service(theirs), 'them');
        for (const mine of [ours, later]) {
          live = tryApply(live, service(mine), 'us') ?? live;
          for (const [name, text] of Object.entries(theirs.labels)) {
            expect(live.metadata.labels?.[name]).toBe(text);
          }
          const held = (live.spec as { ports?: Port[] } | undefined)?.ports;
          for (const port of theirs.ports) expect(held).toContainEqual(port);
        }
      }),
    );
  });

  it('a conflict is answered exactly when a stated value differs from another manager’s', () => {
    fc.assert(
      fc.property(config, config, (theirs, ours) => {
        const live = apply(undefined, service(theirs), 'them');
        const differs =
          Object.entries(ours.labels).some(
            ([name, text]) => (theirs.labels[name] ?? text) !== text,
          ) ||
          ours.ports.some(port =>
            theirs.ports.some(
              other => other.port === port.port && other.name !== port.name,
            ),
          );
        expect(tryApply(live, service(ours), 'us') === undefined).toBe(differs);
      }),
    );
  });

  it('who leaves takes away what was only its own, and nothing else', () => {
    fc.assert(
      fc.property(config, config, (theirs, ours) => {
        const before = apply(undefined, service(theirs), 'them');
        const both = tryApply(before, service(ours), 'us');
        fc.pre(both !== undefined);
        const after = apply(both, service({ labels: {}, ports: [] }), 'us');
        expect(content(after)).toEqual(content(before));
        expect(after.metadata.managedFields).toEqual(
          before.metadata.managedFields,
        );
      }),
    );
  });

  it('the order of two managers without a conflict does not matter', () => {
    fc.assert(
      fc.property(config, config, (one, two) => {
        const first = tryApply(
          apply(undefined, service(one), 'one'),
          service(two),
          'two',
        );
        fc.pre(first !== undefined);
        const second = apply(
          apply(undefined, service(two), 'two'),
          service(one),
          'one',
        );
        expect(content(second)).toEqual(content(first));
        expect(second.metadata.managedFields).toEqual(
          first.metadata.managedFields,
        );
      }),
    );
  });

  it('force always goes through and leaves one owner of each changed field', () => {
    fc.assert(
      fc.property(config, config, (theirs, ours) => {
        const live = apply(undefined, service(theirs), 'them');
        const forced = apply(live, service(ours), 'us', { force: true });
        for (const [name, text] of Object.entries(ours.labels)) {
          expect(forced.metadata.labels?.[name]).toBe(text);
          const owners = (forced.metadata.managedFields ?? []).filter(entry =>
            decodeFields(entry.fieldsV1).has([
              'f:metadata',
              'f:labels',
              `f:${name}`,
            ]),
          );
          const shared = theirs.labels[name] === text;
          expect(owners.map(owner => owner.manager)).toEqual(
            shared ? ['them', 'us'] : ['us'],
          );
        }
      }),
    );
  });
});

describe('field sets', () => {
  const element = fc.constantFrom(
    'f:a',
    'f:b',
    'k:{"name":"x"}',
    'v:"y"',
    'f:c.d',
  );
  const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), {
    maxLength: 12,
  });

  it('survive encoding', () => {
    fc.assert(
      fc.property(paths, all => {
        const set = new FieldSet();
        for (const path of all) set.insert(path);
        const again = decodeFields(encodeFields(set));
        expect(again.paths()).toEqual(set.paths());
        expect(jsonEqual(encodeFields(again), encodeFields(set))).toBe(true);
      }),
    );
  });

  it('paths read as in the real server’s messages', () => {
    expect(
      formatPath([
        'f:spec',
        'f:ports',
        'k:{"port":80,"protocol":"TCP"}',
        'f:name',
      ]),
    ).toBe('.spec.ports[port=80,protocol="TCP"].name');
    expect(formatPath(['f:metadata', 'f:finalizers', 'v:"x/y"'])).toBe(
      '.metadata.finalizers[="x/y"]',
    );
  });
});
