import { SHOP_CLUSTERS } from '../model/shop';
import { instantAnswer } from '../prometheus/answerQuery';
import { ClusterSeries } from './ClusterSeries';
import { FLOWS, flowKey } from './flows';
import { Incidents } from './incidents';
import { IncidentServer } from './IncidentServer';
import { Rhythm } from './rhythm';

const NOON = 1_764_158_400;

function increaseOf(
  cluster: string,
  selector: string,
  incidents = new Incidents(),
): number {
  const store = new ClusterSeries(
    SHOP_CLUSTERS.find(c => c.name === cluster)!,
    SHOP_CLUSTERS,
    incidents,
    () => NOON,
  );
  const { result } = instantAnswer(
    store,
    `sum(increase(istio_requests_total{${selector}}[5m]))`,
    NOON,
  );
  return Number(result[0]?.value[1] ?? 0);
}

describe('the living traffic', () => {
  it('is never negative, and its sum is that of its parts', () => {
    for (const flow of FLOWS) {
      const rhythm = new Rhythm(flowKey(flow), 9);
      let sum = 0;
      for (let t = NOON; t < NOON + 3600; t += 2) {
        expect(rhythm.at(t)).toBeGreaterThan(0);
        sum += 2 * rhythm.at(t + 1);
      }
      const exact = rhythm.sumTo(NOON + 3600) - rhythm.sumTo(NOON);
      expect(Math.abs(sum / exact - 1)).toBeLessThan(0.001);
    }
  });

  it('follows the hours of the day', () => {
    const rhythm = new Rhythm('any', 1);
    const evening = rhythm.at(NOON + 6 * 3600);
    expect(evening).toBeGreaterThan(1.5 * rhythm.at(NOON - 9 * 3600));
  });

  it('is seen by the servers of another cluster as by its clients, but for retries', () => {
    const edge = 'source_workload="api-gateway",destination_workload="search"';
    const client = increaseOf('aws-frankfurt', `reporter="source",${edge}`);
    const server = increaseOf('gcp-tokyo', `reporter="destination",${edge}`);
    expect(client).toBeGreaterThan(1000);
    expect(server / client).toBeGreaterThan(1);
    expect(server / client).toBeLessThan(1.02);
  });

  const since = (
    kind: 'slow-payment' | 'failing-zone' | 'broken-certificate',
  ) => new Incidents([{ kind, from: NOON - 3600 }]);

  it('lets payments run out of time when they are slow', () => {
    const late = 'reporter="source",grpc_response_status="4"';
    expect(increaseOf('aws-frankfurt', late)).toBe(0);
    expect(
      increaseOf('aws-frankfurt', late, since('slow-payment')),
    ).toBeGreaterThan(20);
  });

  it('loses a part of a cluster with a zone', () => {
    const failed = 'reporter="source",response_code="503"';
    expect(
      increaseOf('aws-frankfurt', failed, since('failing-zone')),
    ).toBeGreaterThan(20 * increaseOf('aws-frankfurt', failed) + 100);
  });

  it('lets no call over the border of a cluster with a broken certificate', () => {
    const incidents = since('broken-certificate');
    const remote = 'reporter="source",destination_cluster="aws-frankfurt"';
    const all = increaseOf('edge-osaka', remote, incidents);
    expect(all).toBeGreaterThan(100);
    expect(
      increaseOf('edge-osaka', `${remote},response_flags="UF,URX"`, incidents),
    ).toBeCloseTo(all, 5);
    expect(
      increaseOf(
        'aws-frankfurt',
        'reporter="destination",source_cluster="edge-osaka"',
        incidents,
      ),
    ).toBe(0);
  });

  it('changes nothing of the past when something begins', () => {
    const before = increaseOf('aws-frankfurt', 'reporter="source"');
    const now = new Incidents([{ kind: 'slow-payment', from: NOON }]);
    expect(increaseOf('aws-frankfurt', 'reporter="source"', now)).toBe(before);
  });
});

describe('the switch for incidents', () => {
  it('lists them, and switches one on and off', async () => {
    const incidents = new Incidents();
    const server = await IncidentServer.start(incidents, 0);
    const ask = (path: string, method = 'GET') =>
      fetch(`${server.url}${path}`, { method });
    try {
      expect(await (await ask('/incidents')).json()).toHaveLength(4);
      await ask('/incidents/silent-cluster', 'PUT');
      expect(incidents.isOn('silent-cluster')).toBe(true);
      await ask('/incidents/silent-cluster', 'DELETE');
      expect(incidents.isOn('silent-cluster')).toBe(false);
      const unknown = await ask('/incidents/flood', 'PUT');
      expect(unknown.status).toBe(404);
      expect((await unknown.json()).error).toMatch(/slow-payment/);
      expect((await ask('/incidents', 'POST')).status).toBe(405);
    } finally {
      await server.stop();
    }
  });
});
