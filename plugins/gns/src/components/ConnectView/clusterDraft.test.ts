import { createClusterRequestSchema } from '@isthmus/plugin-gns-common';
import { clusters } from '../../../dev/fixtures';
import { expectedOf, problemsOfDraft, requestOfDraft } from './clusterDraft';

const draft = {
  name: 'eu-3',
  title: '',
  network: '',
  region: '',
  prometheus: '',
  restarts: false,
};

describe('problemsOfDraft', () => {
  it('asks for a name that is free and that DNS would take', () => {
    expect(problemsOfDraft(draft, clusters)).toEqual({});
    expect(problemsOfDraft({ ...draft, name: '' }, clusters).name).toBe(
      'required',
    );
    expect(problemsOfDraft({ ...draft, name: 'EU_3' }, clusters).name).toBe(
      'badName',
    );
    expect(problemsOfDraft({ ...draft, name: 'cloud-a' }, clusters).name).toBe(
      'taken',
    );
  });

  it('refuses an address of a Prometheus with credentials in it, or that is none', () => {
    for (const prometheus of [
      'prometheus:9090',
      'http://me:secret@prometheus:9090',
      'file:///etc/passwd',
    ]) {
      expect(problemsOfDraft({ ...draft, prometheus }, [])).toEqual({
        prometheus: 'badUrl',
      });
    }
  });

  it('refuses what no label can hold', () => {
    expect(
      problemsOfDraft({ ...draft, network: 'a b', region: '-x' }, []),
    ).toEqual({ network: 'badLabel', region: 'badLabel' });
  });
});

describe('requestOfDraft', () => {
  it('is what the hub takes, with network and region as labels', () => {
    const request = requestOfDraft({
      name: 'eu-3',
      title: ' Third ',
      network: 'net-3',
      region: 'eu-west-1',
      prometheus: ' http://prometheus.monitoring:9090 ',
      restarts: true,
    });
    expect(createClusterRequestSchema.parse(request)).toEqual({
      name: 'eu-3',
      title: 'Third',
      labels: {
        'topology.istio.io/network': 'net-3',
        'topology.kubernetes.io/region': 'eu-west-1',
      },
      prometheusUrl: 'http://prometheus.monitoring:9090',
      restartWorkloads: true,
    });
    expect(expectedOf({ ...clusters[0], labels: request.labels })).toEqual({
      network: 'net-3',
      region: 'eu-west-1',
    });
  });

  it('leaves out what nobody said', () => {
    expect(requestOfDraft(draft)).toEqual({ name: 'eu-3', labels: {} });
  });
});
