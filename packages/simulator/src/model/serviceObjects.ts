import type { SeedObject } from '../apiserver/objects';
import type { ShopPlacement } from './shop';
import { SERVICE_PORTS, shopService } from './shop';

/** What is written once per placed service; the workload controller does the rest. */
export function serviceObjects(placement: ShopPlacement): SeedObject[] {
  const { namespace, service, replicas } = placement;
  const { protocol, version } = shopService(service);
  const { port, targetPort } = SERVICE_PORTS[protocol];
  const labels = {
    app: service,
    'app.kubernetes.io/name': service,
    'app.kubernetes.io/part-of': 'web-shop',
    'backstage.io/kubernetes-id': service,
  };
  const metadata = { name: service, namespace, labels };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: service, namespace, labels },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: { app: service },
        ports: [
          { name: protocol, port, targetPort: protocol, protocol: 'TCP' },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, labels: { ...labels, version } },
      spec: {
        replicas,
        selector: { matchLabels: { app: service } },
        template: {
          metadata: { labels: { ...labels, version } },
          spec: {
            serviceAccountName: service,
            containers: [
              {
                name: 'app',
                image: `registry.example/shop/${service}:${version}.0.0`,
                ports: [{ name: protocol, containerPort: targetPort }],
                resources: {
                  requests: { cpu: '100m', memory: '128Mi' },
                  limits: { memory: '256Mi' },
                },
              },
            ],
          },
        },
      },
    },
  ];
}

/** A few objects of other kinds, so that the Kubernetes pages are not bare. */
export function companionObjects(
  placements: readonly ShopPlacement[],
): SeedObject[] {
  return placements.flatMap<SeedObject>(({ namespace, service, replicas }) => {
    const labels = { 'backstage.io/kubernetes-id': service };
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: service };
    if (service === 'storefront') {
      return [
        {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: service, namespace, labels },
          spec: {
            scaleTargetRef: target,
            minReplicas: replicas,
            maxReplicas: replicas * 3,
            metrics: [
              {
                type: 'Resource',
                resource: {
                  name: 'cpu',
                  target: { type: 'Utilization', averageUtilization: 70 },
                },
              },
            ],
          },
          status: {
            currentReplicas: replicas,
            desiredReplicas: replicas,
            currentMetrics: [
              {
                type: 'Resource',
                resource: {
                  name: 'cpu',
                  current: { averageUtilization: 42, averageValue: '42m' },
                },
              },
            ],
          },
        },
        {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name: service, namespace, labels },
          spec: {
            rules: [
              {
                host: 'shop.example',
                http: {
                  paths: [
                    {
                      path: '/',
                      pathType: 'Prefix',
                      backend: {
                        service: { name: service, port: { number: 80 } },
                      },
                    },
                  ],
                },
              },
            ],
          },
        },
      ];
    }
    if (service === 'search') {
      return [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          metadata: { name: 'search-reindex', namespace, labels },
          spec: {
            schedule: '0 3 * * *',
            jobTemplate: {
              spec: {
                template: {
                  spec: {
                    restartPolicy: 'OnFailure',
                    containers: [
                      {
                        name: 'reindex',
                        image: 'registry.example/shop/search:v1.0.0',
                      },
                    ],
                  },
                },
              },
            },
          },
        },
      ];
    }
    return [];
  });
}
