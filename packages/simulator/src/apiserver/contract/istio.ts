import { JSON_PATCH, MERGE, STRATEGIC } from './connection';
import type { ContractClient } from './connection';
import { ownership, serviceEntry } from './objects';

/** Custom resources with a schema: Istio's. */
export function describeIstio(
  client: () => ContractClient,
  ns: () => string,
  describeOrSkip: (name: string, cases: () => void) => void,
) {
  const entries = () =>
    `/apis/networking.istio.io/v1/namespaces/${ns()}/serviceentries`;

  describeOrSkip('custom resources of Istio', () => {
    it('applies a ServiceEntry with the real ownership', async () => {
      const path = `${entries()}/owned`;
      const { status, body } = await client().apply(
        path,
        'isthmus',
        serviceEntry('owned', {
          hosts: ['a.example'],
          ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
          resolution: 'STATIC',
          workloadSelector: { labels: { app: 'a' } },
        }),
      );
      expect(status).toBe(201);
      expect(body.metadata.generation).toBe(1);
      expect(ownership(body)).toEqual({
        'isthmus/Apply': {
          'f:spec': {
            'f:hosts': {},
            'f:ports': {
              'k:{"name":"http"}': {
                '.': {},
                'f:name': {},
                'f:number': {},
                'f:protocol': {},
              },
            },
            'f:resolution': {},
            'f:workloadSelector': { 'f:labels': { 'f:app': {} } },
          },
        },
      });
      const less = await client().apply(
        path,
        'isthmus',
        serviceEntry('owned', { hosts: ['b.example'], resolution: 'DNS' }),
      );
      expect(less.body.spec).toEqual({
        hosts: ['b.example'],
        resolution: 'DNS',
      });
      expect(less.body.metadata.generation).toBe(2);
    });

    it('lists without a key are one field', async () => {
      const path = `${entries()}/atomic`;
      await client().apply(
        path,
        'one',
        serviceEntry('atomic', { hosts: ['a.example'], resolution: 'DNS' }),
      );
      const { status, body } = await client().apply(
        path,
        'two',
        serviceEntry('atomic', { hosts: ['b.example'] }),
      );
      expect([status, body.message]).toEqual([
        409,
        'Apply failed with 1 conflict: conflict with "one": .spec.hosts',
      ]);
    });

    it('the writer of /status owns status alone', async () => {
      const path = `${entries()}/reported`;
      await client().apply(
        path,
        'one',
        serviceEntry('reported', { hosts: ['a.example'], resolution: 'DNS' }),
      );
      const { body } = await client().send(
        'PATCH',
        `${path}/status?fieldManager=reporter`,
        {
          body: { status: { conditions: [{ type: 'A', status: 'True' }] } },
          contentType: MERGE,
        },
      );
      expect(ownership(body)['reporter/Update/status']).toEqual({
        'f:status': { '.': {}, 'f:conditions': {} },
      });
      expect(body.metadata.generation).toBe(1);
      const main = await client().patch(path, MERGE, {
        status: { conditions: [] },
      });
      expect(main.body.status.conditions).toHaveLength(1);
    });

    it.each([
      [
        { resolution: 'STATIC' },
        'spec.hosts: Required value',
        'FieldValueRequired',
      ],
      [
        { hosts: [] },
        'spec.hosts: Invalid value: 0: spec.hosts in body should have at least 1 items',
        'FieldValueInvalid',
      ],
      [
        { hosts: 'a.example' },
        'spec.hosts: Invalid value: "string": spec.hosts in body must be of type array: "string"',
        'FieldValueTypeInvalid',
      ],
      [
        { hosts: ['a.example'], ports: [{ number: '80', name: 'http' }] },
        'spec.ports[0].number: Invalid value: "string": spec.ports[0].number in body must be of type integer: "string"',
        'FieldValueTypeInvalid',
      ],
      [
        { hosts: ['a.example'], ports: [{ number: 80 }] },
        'spec.ports[0].name: Required value',
        'FieldValueRequired',
      ],
      [
        { hosts: ['a.example'], resolution: 'FOO' },
        'spec.resolution: Unsupported value: "FOO": supported values: "NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"',
        'FieldValueNotSupported',
      ],
      [
        {
          hosts: ['a.example'],
          resolution: 'STATIC',
          endpoints: [{ address: '10.0.0.1' }],
          workloadSelector: { labels: { a: 'b' } },
        },
        'only one of WorkloadSelector or Endpoints can be set',
        'FieldValueInvalid',
      ],
      [
        {
          hosts: ['a.example'],
          ports: [{ number: 70000, name: 'http' }],
        },
        'port must be between 1-65535',
        'FieldValueInvalid',
      ],
    ])('refuses %j', async (spec, message, reason) => {
      const { status, body } = await client().post(
        entries(),
        serviceEntry('bad', spec),
      );
      expect(status).toBe(422);
      expect(body.message).toContain(
        'ServiceEntry.networking.istio.io "bad" is invalid: ',
      );
      expect(body.message).toContain(message);
      expect(body.details.causes[0].reason).toBe(reason);
    });

    it('drops unknown fields with a warning, or refuses them', async () => {
      const spec = {
        hosts: ['a.example'],
        resolution: 'DNS',
        bogus: 1,
        ports: [{ number: 80, name: 'http', zork: true }],
      };
      const lenient = await client().post(
        entries(),
        serviceEntry('pruned', spec),
      );
      expect(lenient.status).toBe(201);
      expect(lenient.body.spec.bogus).toBeUndefined();
      expect(lenient.body.spec.ports).toEqual([{ number: 80, name: 'http' }]);
      expect(lenient.warnings).toContain('unknown field "spec.bogus"');
      const strict = await client().post(
        `${entries()}?fieldValidation=Strict`,
        serviceEntry('strict', spec),
      );
      expect([strict.status, strict.body.message]).toEqual([
        400,
        'ServiceEntry in version "v1" cannot be handled as a ServiceEntry: strict decoding error: unknown field "spec.bogus", unknown field "spec.ports[0].zork"',
      ]);
    });

    it('says its kind itself', async () => {
      const { status, body } = await client().post(entries(), {
        metadata: { name: 'kindless' },
        spec: { hosts: ['a.example'] },
      });
      expect([status, body.reason]).toEqual([400, 'BadRequest']);
      expect(body.message).toContain("Object 'Kind' is missing in");
    });

    it('knows no strategic merge patch', async () => {
      await client().post(
        entries(),
        serviceEntry('plain', { hosts: ['a.example'], resolution: 'DNS' }),
      );
      const refused = await client().patch(`${entries()}/plain`, STRATEGIC, {
        spec: { hosts: ['b.example'] },
      });
      expect([refused.status, refused.body.reason]).toEqual([
        415,
        'UnsupportedMediaType',
      ]);
      const accepted = await client().patch(`${entries()}/plain`, JSON_PATCH, [
        { op: 'add', path: '/spec/hosts/-', value: 'b.example' },
      ]);
      expect(accepted.body.spec.hosts).toEqual(['a.example', 'b.example']);
    });

    it('an update needs a resource version', async () => {
      await client().post(
        entries(),
        serviceEntry('updated', { hosts: ['a.example'], resolution: 'DNS' }),
      );
      const { status, body } = await client().put(
        `${entries()}/updated`,
        serviceEntry('updated', { hosts: ['b.example'], resolution: 'DNS' }),
      );
      expect(status).toBe(422);
      expect(body.message).toContain('must be specified for an update');
    });

    it.each([
      ['networking.istio.io/v1', 'destinationrules'],
      ['networking.istio.io/v1', 'gateways'],
      ['networking.istio.io/v1', 'virtualservices'],
      ['networking.istio.io/v1', 'sidecars'],
      ['networking.istio.io/v1beta1', 'proxyconfigs'],
      ['security.istio.io/v1', 'peerauthentications'],
      ['security.istio.io/v1', 'authorizationpolicies'],
    ])('serves %s %s', async (apiVersion, plural) => {
      const { status } = await client().get(`/apis/${apiVersion}/${plural}`);
      expect(status).toBe(200);
    });
  });
}
