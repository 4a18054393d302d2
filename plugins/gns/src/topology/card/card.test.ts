import { shopNeighbours, shopTraffic } from '../../../dev/traffic';
import { place } from '../arrange/place';
import { runNow } from '../arrange/slices';
import { itemsOf } from '../picture/items';
import { viewOf } from '../picture/view';
import { miniatureOf } from './miniature';
import { neighboursOf } from './neighboursOf';

const ALL = { edges: 'all', idle: true, strangers: true } as const;

describe('neighboursOf', () => {
  it('tells callers first, then the called, the busiest first', () => {
    const view = viewOf(shopNeighbours('checkout'), ALL);
    expect(
      neighboursOf(view, 'checkout').map(
        ({ node, direction }) => `${direction} ${node.label}`,
      ),
    ).toEqual(['caller cart', 'called payments', 'called orders']);
  });

  it('of a service that nobody knows is empty', () => {
    expect(neighboursOf(viewOf(shopTraffic(), ALL), 'nobody')).toEqual([]);
  });
});

describe('miniatureOf', () => {
  it('draws every node and call, and counts nodes by health', () => {
    const view = viewOf(shopTraffic(), ALL);
    const picture = miniatureOf(view, runNow(place(itemsOf(view))));
    expect(picture.nodes.length + picture.boxes.length).toBe(view.nodes.size);
    expect(picture.lines).toHaveLength(view.edges.size);
    const all = Object.values(picture.counts).reduce((a, b) => a + b, 0);
    expect(all).toBe(picture.nodes.length);
    expect(picture.counts.unknown).toBeGreaterThan(0);
  });
});
