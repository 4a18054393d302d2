import {
  eventually,
  type CallOutcome,
  type Cluster,
  type Pod,
} from '../../src';

/** `workload@cluster` of the app that answered 200; undefined for anything else. */
export function answeredBy(outcome: CallOutcome): string | undefined {
  return outcome.outcome === 'answered' && outcome.status === 200
    ? `${outcome.echo?.workload}@${outcome.echo?.cluster}`
    : undefined;
}

/** A namespace whose pods get sidecars. */
export async function createNamespace(
  cluster: Cluster,
  name: string,
): Promise<void> {
  await cluster.kube.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'istio-injection': 'enabled' } },
  });
}

/** Waits until a caller is answered by exactly this app, five times in a row. */
export async function answersFrom(
  caller: Pod,
  url: string,
  wanted: string,
  timeoutMs = 60_000,
): Promise<void> {
  let inARow = 0;
  await eventually(
    async () => {
      const outcome = await caller.call({
        url,
        freshConnection: true,
        timeoutMs: 5_000,
      });
      if (answeredBy(outcome) !== wanted) {
        inARow = 0;
        throw new Error(JSON.stringify(outcome).slice(0, 600));
      }
      inARow += 1;
      return inARow >= 5;
    },
    { what: `${url} is answered by ${wanted}`, timeoutMs },
  );
}
