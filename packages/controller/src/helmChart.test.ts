import { resolve } from 'node:path';
import {
  objectKey,
  renderControllerManifests,
} from '@isthmus/plugin-gns-common';
import { MemberCluster } from './__testUtils__/MemberCluster';
import { renderChart } from './__testUtils__/renderChart';

const CHART = resolve(__dirname, '../../../deploy/helm/isthmus-controller');
const HUB = { hubUrl: 'https://portal.example' };
const TOKEN = 'a-join-token-of-some-length';

interface Rendered {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

function chart(values: Record<string, unknown>, namespace = 'isthmus-system') {
  return byKey(renderChart(CHART, values, namespace) as unknown as Rendered[]);
}

function byKey(objects: readonly Rendered[]): Record<string, Rendered> {
  return Object.fromEntries(objects.map(o => [objectKey(o), o]));
}

/** Helm makes the namespace itself (`--create-namespace`). */
function manifests(
  options: Parameters<typeof renderControllerManifests>[0],
): Record<string, Rendered> {
  return byKey(
    renderControllerManifests(options).filter(o => o.kind !== 'Namespace'),
  );
}

describe('the Helm chart', () => {
  it('renders what the join manifest holds', () => {
    expect(chart({ ...HUB, token: TOKEN })).toEqual(
      manifests({ ...HUB, token: TOKEN }),
    );
  });

  it('renders the same in other namespaces, with a CA and a Secret of the admin', () => {
    const hubCa =
      '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';
    expect(
      chart(
        {
          ...HUB,
          hubCa,
          existingSecret: 'mine',
          istioNamespace: 'mesh',
          replicas: 1,
          restartWorkloads: true,
        },
        'edge',
      ),
    ).toEqual(
      manifests({
        ...HUB,
        hubCa,
        tokenSecret: 'mine',
        istioNamespace: 'mesh',
        namespace: 'edge',
        replicas: 1,
        restartWorkloads: true,
      }),
    );
  });

  it('renders the same with a Prometheus and credentials for it', () => {
    const prometheus = {
      prometheusUrl: 'http://prometheus.monitoring:9090',
      prometheusArgs: [
        '--prometheus-token-file=/etc/isthmus/prometheus/token',
        '--prometheus-header=X-Scope-OrgID=eu',
      ],
      prometheusSecret: 'prometheus-token',
    };
    for (const hubCa of ['', 'a PEM']) {
      expect(chart({ ...HUB, ...prometheus, hubCa, token: TOKEN })).toEqual(
        manifests({ ...HUB, ...prometheus, hubCa, token: TOKEN }),
      );
    }
  });

  it('asks for the address of the hub', () => {
    expect(() => chart({})).toThrow(/hubUrl/);
  });

  it('is accepted by an API server, object by object', async () => {
    const cluster = await MemberCluster.start();
    try {
      for (const object of Object.values(chart({ ...HUB, token: TOKEN }))) {
        await cluster.apply(object);
      }
      const deployment = cluster.server.read(
        'apps/v1',
        'Deployment',
        'isthmus-system',
        'isthmus-controller',
      );
      expect(deployment?.spec).toMatchObject({ replicas: 2 });
    } finally {
      await cluster.stop();
    }
  });
});
