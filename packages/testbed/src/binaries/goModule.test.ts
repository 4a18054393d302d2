import { renderGoMod } from './goModule';

const KUBERNETES = `module k8s.io/kubernetes

go 1.24.0

require (
	k8s.io/api v0.0.0
	k8s.io/kube-openapi v0.0.0-20250710124328-f3f2b991d03b
	k8s.io/apimachinery v0.0.0
	k8s.io/utils v0.0.0-20250604170112-4c0f3b243397
	sigs.k8s.io/yaml v1.6.0
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
)
`;

describe('renderGoMod', () => {
  it('points staging modules at their published version and leaves pseudo-versions alone', () => {
    const mod = renderGoMod(
      {
        module: 'k8s.io/kubernetes',
        version: 'v1.34.2',
        stagingVersion: 'v0.34.2',
        commands: ['cmd/kube-apiserver'],
        files: [],
      },
      KUBERNETES,
    );
    expect(mod.split('\n')).toEqual([
      'module isthmus.dev/testbed',
      'go 1.24.0',
      'require k8s.io/kubernetes v1.34.2',
      'tool (',
      '\tk8s.io/kubernetes/cmd/kube-apiserver',
      ')',
      'replace k8s.io/api => k8s.io/api v0.34.2',
      'replace k8s.io/apimachinery => k8s.io/apimachinery v0.34.2',
      '',
    ]);
  });

  it('replaces nothing in a module without staging', () => {
    const mod = renderGoMod(
      {
        module: 'istio.io/istio',
        version: 'v0.0.0-1-2',
        commands: [],
        files: [],
      },
      'module istio.io/istio\n\ngo 1.26.0\n\nrequire x.io/y v0.0.0\n',
    );
    expect(mod).not.toContain('replace');
    expect(mod).toContain('go 1.26.0');
  });

  it('refuses a go.mod without a go line', () => {
    expect(() =>
      renderGoMod(
        { module: 'a.io/b', version: 'v1.0.0', commands: [], files: [] },
        'module a.io/b\n',
      ),
    ).toThrow('a.io/b has no go line');
  });
});
