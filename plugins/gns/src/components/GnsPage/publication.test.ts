import { type GlobalService } from '@isthmus/plugin-gns-common';
import { publication } from './publication';

const endpoint = (
  cluster: string,
  published: boolean,
  awaitingApproval = false,
): GlobalService['endpoints'][number] => ({
  cluster,
  namespace: 'n',
  service: 's',
  ready: 1,
  total: 1,
  published,
  awaitingApproval,
  workloads: [],
});

describe('publication', () => {
  it('is whole, part or none of the clusters', () => {
    expect(
      publication({ endpoints: [endpoint('a', true), endpoint('b', true)] })
        .state,
    ).toBe('published');
    expect(
      publication({ endpoints: [endpoint('a', true), endpoint('b', false)] }),
    ).toMatchObject({ state: 'partly', published: 1, total: 2 });
    expect(publication({ endpoints: [] }).state).toBe('unpublished');
  });

  it('names the clusters that await approval', () => {
    expect(
      publication({ endpoints: [endpoint('edge', false, true)] }),
    ).toMatchObject({ state: 'unpublished', awaiting: ['edge'] });
  });
});
