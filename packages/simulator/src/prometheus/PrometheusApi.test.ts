import { SHOP_CLUSTERS } from '../model/shop';
import { ClusterSeries } from '../traffic/ClusterSeries';
import { Incidents } from '../traffic/incidents';
import { PrometheusApi } from './PrometheusApi';

/* That the answers are Prometheus' own is shown beside the collector, against a real one. */
describe('the Prometheus API', () => {
  let api: PrometheusApi;
  let silent = false;
  beforeAll(async () => {
    api = await PrometheusApi.start({
      store: new ClusterSeries(
        SHOP_CLUSTERS[0],
        SHOP_CLUSTERS,
        new Incidents(),
        () => Date.now() / 1000,
      ),
      isSilent: () => silent,
    });
  });
  afterAll(() => api.stop());

  async function ask(parameters: Record<string, string>, path = 'query') {
    const response = await fetch(`${api.url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    return { status: response.status, ...(await response.json()) };
  }

  it('answers at one time and over a range', async () => {
    const query = 'count by(namespace)(last_over_time(istio_build[1m]))';
    const time = '1764158400';
    expect(await ask({ query, time })).toMatchObject({
      status: 'success',
      data: {
        resultType: 'vector',
        result: expect.arrayContaining([
          { metric: { namespace: 'shop-web' }, value: [1764158400, '6'] },
        ]),
      },
    });
    const range = await ask(
      { query, start: time, end: '1764158520', step: '60' },
      'query_range',
    );
    expect(range.data.resultType).toBe('matrix');
    expect(range.data.result[0].values).toHaveLength(3);
  });

  it('knows nothing of the future', async () => {
    const time = String(Math.floor(Date.now() / 1000) + 3600);
    const query = 'last_over_time(istio_build[1m])';
    expect((await ask({ query, time })).data.result).toEqual([]);
  });

  it.each([
    ['sum(', /unexpected end of input/],
    ['quantile(0.9, up)', /knows no function "quantile"/],
    ['up{a="\\q"}', /unknown escape/],
    ['up{a=~"("}', /invalid regular expression/],
    ['up[5m]', /range vector/],
    ['rate(up)', /range vector/],
    ['up + up', /unexpected "\+"/],
    ['up ; up', /unexpected character/],
  ])('refuses %s as bad data', async (query, message) => {
    const answer = await ask({ query, time: '1764158400' });
    expect(answer).toMatchObject({ errorType: 'bad_data' });
    expect(answer.error).toMatch(message);
  });

  it('refuses times that are none, and more points than Prometheus gives', async () => {
    expect(await ask({ query: 'up', time: 'now' })).toMatchObject({
      error: expect.stringContaining('"time"'),
    });
    const many = { query: 'up', start: '0', end: '20000', step: '1' };
    expect(await ask(many, 'query_range')).toMatchObject({
      error: expect.stringContaining('11,000'),
    });
  });

  it('says nothing while it is silent', async () => {
    silent = true;
    await expect(ask({ query: 'up' })).rejects.toThrow();
    silent = false;
  });
});
