import { emptyStatus, served } from '../__testUtils__/FakeHub';
import { rolloutReadiness, serviceReadiness } from './readiness';

const PLACE = [{ cluster: 'eu-1', namespace: 'shop-api' }];
const STATUS = emptyStatus('shop');

describe('a service is ready when', () => {
  it('runs where it shall, is published, and all clusters applied', () => {
    expect(
      serviceReadiness(served(STATUS, 'checkout'), 'checkout', PLACE),
    ).toEqual({ ready: true, message: 'Applied in every cluster.' });
  });

  it.each([
    ['it has no pod', { ready: 0, total: 1 }, 'no ready pod'],
    ['its count is unknown', { ready: null }, 'is not known'],
    ['it waits for approval', { awaitingApproval: true }, 'approval'],
    ['no caller was told', { published: false }, 'acknowledged'],
    ['it runs elsewhere', { namespace: 'other' }, 'Deploy it'],
  ])('and not when %s', (_what, endpoint, told) => {
    const state = serviceReadiness(
      served(STATUS, 'checkout', endpoint),
      'checkout',
      PLACE,
    );
    expect(state.ready).toBe(false);
    expect(state.message).toContain(told);
  });

  it('and not while nobody runs it at all', () => {
    expect(serviceReadiness(STATUS, 'checkout', []).ready).toBe(false);
  });

  it('and not while its namespace waits for a decision', () => {
    const state = serviceReadiness(
      {
        ...STATUS,
        members: [
          {
            cluster: 'eu-1',
            namespace: 'shop-api',
            state: 'conflict',
            services: 0,
            awaitingRestart: 0,
          },
        ],
      },
      'checkout',
      PLACE,
    );
    expect(state.message).toContain('another global namespace');
  });

  it('and not while it has a condition that is an error', () => {
    const status = served(STATUS, 'checkout');
    status.globalServices[0].conditions = [
      {
        type: 'PortsAgree',
        status: 'False',
        severity: 'error',
        reason: 'Differ',
        message: 'The ports differ.',
      },
    ];
    expect(serviceReadiness(status, 'checkout', PLACE)).toEqual({
      ready: false,
      message: 'The ports differ.',
    });
  });
});

describe('a roll-out', () => {
  const behind = {
    cluster: 'eu-1',
    desiredEpoch: '1.2',
    appliedEpoch: '1.1',
    objects: 3,
    failed: 1,
    upToDate: false,
  };

  it('waits for clusters that are heard', () => {
    expect(rolloutReadiness({ ...STATUS, rollout: [behind] })).toEqual({
      ready: false,
      message: 'Not applied everywhere yet: eu-1 (1 objects failed).',
    });
  });

  it('does not wait for silent ones, and says so', () => {
    const state = rolloutReadiness({
      ...STATUS,
      clusters: [{ cluster: 'eu-1', state: 'unreachable', simulated: false }],
      rollout: [behind],
    });
    expect(state.ready).toBe(true);
    expect(state.message).toContain('eu-1 will follow');
  });
});
