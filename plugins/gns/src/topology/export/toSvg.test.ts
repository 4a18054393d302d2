import { shopTraffic } from '../../../dev/traffic';
import { place } from '../arrange/place';
import { runNow } from '../arrange/slices';
import { itemsOf } from '../picture/items';
import { viewOf } from '../picture/view';
import { pngScale } from './download';
import { escapeXml, toSvg } from './toSvg';

const colors = {
  background: '#fff',
  box: '#fff',
  inner: '#eee',
  border: '#ccc',
  text: '#000',
  quiet: '#666',
  health: {
    healthy: '#0a0',
    degraded: '#aa0',
    failing: '#a00',
    unknown: '#666',
  },
};

const svgOf = (traffic = shopTraffic()) => {
  const view = viewOf(traffic, { edges: 'all', idle: true, strangers: true });
  return {
    view,
    svg: toSvg({
      title: 'Topology of <shop> & co',
      notes: ['Over 5 minutes'],
      view,
      placement: runNow(place(itemsOf(view))),
      colors,
      nodeText: node => ({ name: node.label, figures: '12/s' }),
      edgeText: () => '4 %',
    }),
  };
};

const parse = (svg: string) =>
  new DOMParser().parseFromString(svg, 'image/svg+xml');

describe('toSvg', () => {
  it('draws every node and call, on screen or not, with time and coverage below', () => {
    const { svg, view } = svgOf();
    const document = parse(svg);
    expect(document.querySelector('parsererror')).toBeNull();
    const texts = [...document.querySelectorAll('text')].map(
      one => one.textContent,
    );
    for (const node of view.nodes.values()) expect(texts).toContain(node.label);
    expect(texts).toContain('Over 5 minutes');
    expect(
      [...document.querySelectorAll('path')].filter(path =>
        path.getAttribute('d')?.includes('C'),
      ),
    ).toHaveLength(view.edges.size);
    expect(document.querySelector('title')?.textContent).toBe(
      'Topology of <shop> & co',
    );
  });

  it('takes hostile names for text', () => {
    const traffic = shopTraffic();
    const name = '</text><script>alert(1)</script>\u0000';
    const hostile = {
      ...traffic,
      nodes: traffic.nodes.map(node => ({ ...node, label: name })),
    };
    const document = parse(svgOf(hostile).svg);
    expect(document.querySelector('parsererror')).toBeNull();
    expect(document.querySelector('script')).toBeNull();
  });

  it('of nothing is a picture too', () => {
    const { svg } = svgOf(shopTraffic('service', { nodes: [], edges: [] }));
    expect(parse(svg).querySelector('parsererror')).toBeNull();
  });
});

it('escapes what XML reads, and drops what it forbids', () => {
  expect(escapeXml('a<b>&"c"\u0007日本')).toBe(
    'a&lt;b&gt;&amp;&quot;c&quot;日本',
  );
});

it('makes pictures sharp, and no larger than browsers draw', () => {
  expect(pngScale(1000, 500)).toBe(2);
  expect(pngScale(16_384, 500)).toBe(0.5);
});
