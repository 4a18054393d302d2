import { createMockDirectory } from '@backstage/backend-test-utils';
import { parse } from 'yaml';
import {
  emptyStatus,
  FakeHub,
  refusal,
  served,
} from '../__testUtils__/FakeHub';
import { run, stepsOf } from '../__testUtils__/runExample';
import { createActions } from '.';

const SHOP = {
  apiVersion: 'gns.isthmus.dev/v1',
  kind: 'GlobalNamespace',
  metadata: { name: 'shop', owner: 'group:default/shop', labels: {} },
  spec: {
    domain: 'shop.gns.internal',
    members: [
      {
        clusters: { prefix: 'eu-' },
        namespaces: { names: ['shop-web'] },
      },
    ],
  },
};
const CATALOG_FILE = `# Who we are
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: checkout # the till
spec: { type: service, lifecycle: production, owner: shop }
`;

describe('the actions', () => {
  const workspace = createMockDirectory();
  let hub: FakeHub;
  beforeEach(() => {
    hub = new FakeHub();
    hub.store(SHOP);
    hub.status = () => served(emptyStatus('shop'), 'checkout');
    workspace.setContent({
      'gns.yaml': JSON.stringify(SHOP),
      'catalog-info.yaml': CATALOG_FILE,
    });
  });
  const context = () => ({ workspacePath: workspace.path });

  describe('every example of the documentation runs', () => {
    const cases = createActions({ hubFor: () => new FakeHub() }).flatMap(
      action =>
        (action.examples ?? []).map(
          ({ description, example }) =>
            [action.id, description, example] as const,
        ),
    );
    it('and every action has one', () => {
      expect(new Set(cases.map(([id]) => id))).toEqual(
        new Set([
          'gns:plan',
          'gns:definition:apply',
          'gns:definition:delete',
          'gns:service:onboard',
          'gns:wait',
        ]),
      );
    });
    it.each(cases)('%s: %s', async (_id, _description, example) => {
      for (const step of stepsOf(example)) {
        const { outputs } = await run(hub, step.action, step.input, context());
        expect(Object.keys(outputs)).not.toEqual([]);
      }
    });
  });

  describe('gns:plan', () => {
    it('writes nothing and tells what joins', async () => {
      const { outputs, log } = await run(
        hub,
        'gns:plan',
        { file: 'gns.yaml' },
        context(),
      );
      expect(outputs).toMatchObject({
        hash: 'plan-1',
        servicesJoin: ['checkout'],
        objects: 0,
      });
      expect(log).toContain('1 service joins');
      expect(hub.writes).toEqual([]);
    });

    it('fails with every problem, its path and its remedy', async () => {
      const { summary } = hub.plan_;
      hub.plan_ = {
        ...hub.plan_,
        summary,
        problems: [
          {
            severity: 'error',
            code: 'domain-taken',
            path: 'spec.domain',
            message: 'The domain is taken by payments.',
            remedy: 'Choose another one.',
            definition: 'GlobalNamespace:shop',
          },
        ],
      };
      await expect(
        run(hub, 'gns:plan', { definition: SHOP }, context()),
      ).rejects.toThrow(
        'GlobalNamespace:shop spec.domain: The domain is taken by payments. Choose another one.',
      );
    });

    it.each([
      [{}, 'Give either "definition"'],
      [{ definition: SHOP, file: 'gns.yaml' }, 'Give either "definition"'],
      [{ file: '../../etc/passwd' }, 'outside'],
      [{ definition: { kind: 'Nonsense' } }, 'apiVersion'],
    ])('refuses the input %j', async (input, told) => {
      await expect(run(hub, 'gns:plan', input, context())).rejects.toThrow(
        told,
      );
    });
  });

  describe('gns:definition:apply', () => {
    it('creates with the plan that it made, and says by whom', async () => {
      hub.definitions.clear();
      const { outputs } = await run(
        hub,
        'gns:definition:apply',
        { definition: SHOP },
        {
          ...context(),
          templateInfo: { entityRef: 'template:default/start' },
        },
      );
      expect(outputs.results).toEqual([
        { ref: 'GlobalNamespace:shop', result: 'created' },
      ]);
      expect(hub.writes[0].options).toEqual({
        ifMatch: undefined,
        plan: 'plan-1',
        message: 'By the template template:default/start',
      });
    });

    it('writes nothing in a dry run', async () => {
      const { outputs } = await run(
        hub,
        'gns:definition:apply',
        { definition: SHOP },
        { ...context(), isDryRun: true },
      );
      expect(outputs.results).toEqual([
        { ref: 'GlobalNamespace:shop', result: 'updated' },
      ]);
      expect(hub.plans).toHaveLength(1);
      expect(hub.writes).toEqual([]);
    });

    it('does not write again what a recovered task wrote before', async () => {
      await run(
        hub,
        'gns:definition:apply',
        { definition: SHOP },
        {
          ...context(),
          checkpoint: async () => 'created' as never,
        },
      );
      expect(hub.writes).toEqual([]);
    });

    it('passes a refusal on with its problems', async () => {
      hub.beforeWrite = async () => {
        throw await refusal(422, {
          name: 'InputError',
          message: 'wrong',
          problems: [
            {
              severity: 'error',
              code: 'x',
              path: 'spec.members',
              message: 'Too many.',
              remedy: 'Remove some.',
            },
          ],
        });
      };
      await expect(
        run(hub, 'gns:definition:apply', { definition: SHOP }, context()),
      ).rejects.toThrow('- spec.members: Too many. Remove some.');
    });
  });

  describe('gns:definition:delete', () => {
    it('deletes, and finds nothing wrong in what is gone already', async () => {
      const first = await run(hub, 'gns:definition:delete', { name: 'shop' });
      const second = await run(hub, 'gns:definition:delete', { name: 'shop' });
      expect([first.outputs.deleted, second.outputs.deleted]).toEqual([
        true,
        false,
      ]);
    });

    it('deletes nothing in a dry run', async () => {
      await run(
        hub,
        'gns:definition:delete',
        { name: 'shop' },
        { isDryRun: true },
      );
      expect(hub.definitions.has('shop')).toBe(true);
    });
  });

  describe('gns:service:onboard', () => {
    const input = {
      gns: 'shop',
      service: 'checkout',
      namespace: 'shop-api',
      clusters: ['eu-1'],
      catalogFile: 'catalog-info.yaml',
    };

    it('joins by exact name, annotates and waits', async () => {
      const { outputs } = await run(
        hub,
        'gns:service:onboard',
        input,
        context(),
      );
      expect(outputs).toEqual({
        host: 'checkout.shop.gns.internal',
        annotation: 'shop/checkout',
        ready: true,
      });
      expect(hub.writes).toHaveLength(1);
      expect(
        (hub.writes[0].definition as typeof SHOP).spec.members.at(-1),
      ).toEqual({
        clusters: { names: ['eu-1'] },
        namespaces: { names: ['shop-api'] },
        services: { names: ['checkout'] },
      });
      const { 'catalog-info.yaml': text } = workspace.content() as Record<
        string,
        string
      >;
      expect(text).toContain('# the till');
      expect(parse(text).metadata.annotations).toEqual({
        'gns.isthmus.dev/service': 'shop/checkout',
      });
    });

    it('leaves the definition alone where it is a member already', async () => {
      await run(
        hub,
        'gns:service:onboard',
        { ...input, namespace: 'shop-web', wait: false },
        context(),
      );
      expect(hub.writes).toEqual([]);
    });

    it('loses no change that somebody makes meanwhile', async () => {
      let others = 0;
      hub.beforeWrite = () => {
        others += 1;
        if (others > 1) return;
        hub.store({
          ...SHOP,
          metadata: { ...SHOP.metadata, title: 'Changed by Ada' },
        });
      };
      await run(
        hub,
        'gns:service:onboard',
        { ...input, wait: false },
        context(),
      );
      expect(hub.writes[0].definition).toMatchObject({
        metadata: { title: 'Changed by Ada' },
        spec: { members: [{}, { services: { names: ['checkout'] } }] },
      });
    });

    it('uses the host name that the definition gives it', async () => {
      hub.store({
        ...SHOP,
        spec: {
          ...SHOP.spec,
          hostnames: [
            { namespace: 'shop-api', service: 'checkout', hostname: 'till' },
          ],
        },
      });
      const { outputs } = await run(
        hub,
        'gns:service:onboard',
        { ...input, wait: false },
        context(),
      );
      expect(outputs).toMatchObject({
        host: 'till.shop.gns.internal',
        annotation: 'shop/till',
        ready: false,
      });
    });

    it('tells each change of what it waits for, and gives up at the time-out', async () => {
      const states = [
        emptyStatus('shop'),
        served(emptyStatus('shop'), 'checkout', { ready: 0 }),
        served(emptyStatus('shop'), 'checkout', { published: false }),
      ];
      hub.status = () => states.shift() ?? emptyStatus('shop');
      const failed = run(
        hub,
        'gns:service:onboard',
        { ...input, timeoutMinutes: 1 },
        context(),
      );
      await expect(failed).rejects.toThrow(
        'Not ready after 1 minutes. eu-1/shop-api has no Service "checkout" yet. Deploy it.',
      );
    });

    it('refuses an unknown global namespace before it writes anything', async () => {
      await expect(
        run(hub, 'gns:service:onboard', { ...input, gns: 'none' }, context()),
      ).rejects.toThrow('There is no global namespace "none"');
    });
  });

  describe('gns:wait', () => {
    it('waits for a hub that comes back', async () => {
      let looks = 0;
      hub.status = () => {
        looks += 1;
        if (looks < 3) throw new Error('503');
        return emptyStatus('shop');
      };
      const { log } = await run(hub, 'gns:wait', { gns: 'shop' });
      expect(log).toEqual([
        'The hub does not answer: 503',
        'Applied in every cluster.',
      ]);
    });

    it('ends when the task is cancelled', async () => {
      hub.status = () => emptyStatus('shop');
      const abort = new AbortController();
      abort.abort();
      await expect(
        run(
          hub,
          'gns:wait',
          { gns: 'shop', service: 'none' },
          { signal: abort.signal },
        ),
      ).rejects.toThrow('abort');
    });
  });
});
