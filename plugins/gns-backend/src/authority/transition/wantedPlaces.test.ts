import type { Authority } from '../store/authorityRows';
import { specOf, wantedPlaces, type StepInput } from './stepAuthorities';

const authority = (members: { clusterId: string; namespace: string }[] = []) =>
  ({ gns: 'shop', members } as unknown as Authority);

function stepOf(clusters: Record<string, object>) {
  return {
    input: {
      definitions: [
        {
          definition: {
            metadata: { name: 'shop' },
            spec: { authority: { mode: 'dedicated' } },
          },
        },
      ],
      clusters: Object.entries(clusters).map(([id, more]) => ({
        id,
        leaving: false,
        inventory: {
          namespaces: [{ name: 'web', injection: 'sidecar' }],
          marks: { namespaces: 'complete' },
        },
        ...more,
      })),
    },
    membersOf: () =>
      Object.keys(clusters).map(cluster => ({
        cluster,
        namespace: 'web',
        state: 'member',
      })),
    isDeleted: () => false,
  } as unknown as Pick<StepInput, 'input' | 'membersOf' | 'isDeleted'>;
}

describe('wantedPlaces', () => {
  it('takes members of clusters with a controller, and of none that is only observed', () => {
    const step = stepOf({ eu: {}, us: { observed: true } });
    expect(wantedPlaces(step, authority())).toEqual(new Set(['eu/web']));
  });

  it('keeps members of a cluster that nobody sees, unless it is leaving', () => {
    const unseen = {
      inventory: { namespaces: [], marks: { namespaces: 'never' } },
    };
    const step = {
      ...stepOf({ eu: unseen, us: { ...unseen, leaving: true } }),
      membersOf: () => [],
    };
    const members = ['eu', 'us'].map(clusterId => ({
      clusterId,
      namespace: 'web',
    }));
    expect(wantedPlaces(step, authority(members))).toEqual(new Set(['eu/web']));
  });
});

describe('specOf', () => {
  const version = (said: object) => ({
    definition: {
      metadata: { name: 'shop' },
      spec: { domain: 'shop.gns.example', authority: said },
    },
  });
  const at = (current: object, former?: object) =>
    specOf(
      {
        input: {
          definitions: [version(current)],
          splits:
            former === undefined
              ? []
              : [{ gns: 'shop', former: version(former), turned: new Set() }],
          clusters: [],
        },
      } as unknown as Pick<StepInput, 'input'>,
      authority(),
    );
  const hour = { mode: 'dedicated', leafTtl: '1h' };
  const short = { mode: 'dedicated', leafTtl: '10m', restart: 'rolling' };

  it('is what the definition says', () => {
    expect(at(short)).toEqual({
      trustDomain: undefined,
      leafTtlSeconds: 600,
      restart: 'rolling',
    });
    expect(at({ ...hour, trustDomain: 'own' })).toMatchObject({
      trustDomain: 'shop.gns.example',
      restart: 'manual',
    });
    expect(at({ mode: 'mesh' })).toBeUndefined();
  });

  it('is what stood before, until the last wave of a change', () => {
    expect(at(short, hour)).toMatchObject({ leafTtlSeconds: 3600 });
    expect(at({ mode: 'mesh' }, hour)).toMatchObject({ restart: 'manual' });
    // Who joins in waves has nothing to keep.
    expect(at(short, { mode: 'mesh' })).toBeUndefined();
  });
});
