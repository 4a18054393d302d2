import {
  Budget,
  RestartableKind,
  Workload,
  hindrance,
  isRolledOut,
} from './restartPlan';

const labels = { app: 'web' };

function deployment(
  spec: Record<string, unknown> = {},
  status: Record<string, unknown> = {},
): Workload {
  return {
    metadata: { generation: 3 },
    spec: { replicas: 4, template: { metadata: { labels } }, ...spec },
    status: {
      observedGeneration: 3,
      replicas: 4,
      updatedReplicas: 4,
      availableReplicas: 4,
      readyReplicas: 4,
      ...status,
    },
  } as Workload;
}

const daemonSet = (status: Record<string, unknown> = {}): Workload =>
  ({
    metadata: { generation: 1 },
    spec: { template: { metadata: { labels } } },
    status: {
      observedGeneration: 1,
      desiredNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
      ...status,
    },
  } as Workload);

function budget(
  disruptionsAllowed: number | undefined,
  selector: Budget['spec']['selector'] = { matchLabels: labels },
): Budget {
  return {
    metadata: { name: 'web-pdb' },
    spec: { selector },
    status: { disruptionsAllowed },
  } as Budget;
}

describe('a workload', () => {
  it.each<[string, RestartableKind, Workload]>([
    ['Deployment', 'Deployment', deployment()],
    ['StatefulSet', 'StatefulSet', deployment()],
    ['DaemonSet', 'DaemonSet', daemonSet()],
  ])('%s that is whole may be restarted', (_kind, kind, workload) => {
    expect(isRolledOut(kind, workload)).toBe(true);
    expect(hindrance(kind, workload, [])).toBeUndefined();
  });

  it.each<[string, RestartableKind, Workload, RegExp]>([
    ['is paused', 'Deployment', deployment({ paused: true }), /paused/],
    [
      'would be away as a whole',
      'Deployment',
      deployment({ strategy: { type: 'Recreate' } }),
      /Recreate/,
    ],
    [
      'is restarted by hand only',
      'StatefulSet',
      deployment({ updateStrategy: { type: 'OnDelete' } }),
      /OnDelete/,
    ],
    [
      'keeps some pods back',
      'StatefulSet',
      deployment({ updateStrategy: { rollingUpdate: { partition: 2 } } }),
      /partition 2/,
    ],
    [
      'was not looked at yet',
      'Deployment',
      deployment({}, { observedGeneration: 2 }),
      /under way/,
    ],
    [
      'has old pods',
      'Deployment',
      deployment({}, { updatedReplicas: 3 }),
      /under way/,
    ],
    [
      'has too many pods',
      'Deployment',
      deployment({}, { replicas: 5 }),
      /under way/,
    ],
    [
      'lacks pods',
      'Deployment',
      deployment({}, { availableReplicas: 3 }),
      /under way/,
    ],
    [
      'lacks ready pods',
      'StatefulSet',
      deployment({}, { readyReplicas: 3 }),
      /under way/,
    ],
    [
      'lacks pods on nodes',
      'DaemonSet',
      daemonSet({ numberAvailable: 2 }),
      /under way/,
    ],
  ])('that %s is not', (_what, kind, workload, why) => {
    expect(hindrance(kind, workload, [])).toMatch(why);
  });

  it.each<[string, Budget | undefined, boolean]>([
    ['none', undefined, true],
    ['one with room', budget(1), true],
    ['one without room', budget(0), false],
    ['one that nobody counted yet', budget(undefined), false],
    ['one of other pods', budget(0, { matchLabels: { app: 'stock' } }), true],
    ['one that chooses nothing', budget(0, null), true],
    ['one that chooses all', budget(0, {}), false],
    [
      'one by expression',
      budget(0, {
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['web', 'stock'] },
        ],
      }),
      false,
    ],
    [
      'one of others by expression',
      budget(0, {
        matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }],
      }),
      true,
    ],
    [
      'one by an expression that we do not know',
      budget(0, { matchExpressions: [{ key: 'app', operator: 'Gt' }] }),
      false,
    ],
  ])('with a disruption budget, %s', (_what, pdb, may) => {
    expect(
      hindrance('Deployment', deployment(), pdb ? [pdb] : []) === undefined,
    ).toBe(may);
  });

  it('needs room for all pods that its roll-out may take at once', () => {
    const takes = (maxUnavailable: number | string) =>
      deployment({ strategy: { rollingUpdate: { maxUnavailable } } });
    expect(hindrance('Deployment', takes(2), [budget(1)])).toMatch(
      /may take 2/,
    );
    expect(hindrance('Deployment', takes('50%'), [budget(2)])).toBeUndefined();
    expect(hindrance('Deployment', takes('50%'), [budget(1)])).toBeDefined();
    // Even one that takes none away first must not run against a budget without room.
    expect(hindrance('Deployment', takes(0), [budget(0)])).toBeDefined();
  });
});
