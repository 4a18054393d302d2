import { type ComponentType, Profiler, useState } from 'react';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { shopTraffic } from '../../../dev/traffic';
import { place } from '../arrange/place';
import { runNow } from '../arrange/slices';
import { itemsOf } from '../picture/items';
import { shareUnchanged, type View, viewOf } from '../picture/view';
import { TopologyCanvas } from './TopologyCanvas';

const mockDrawn: string[] = [];

// Every commit of a node or edge is counted, whatever caused it.
jest.mock('./nodes', () => {
  const actual = jest.requireActual('./nodes');
  const counted = (Node: ComponentType<{ id: string }>) => (props: any) =>
    (
      <Profiler id={props.id} onRender={id => mockDrawn.push(id)}>
        <Node {...props} />
      </Profiler>
    );
  return {
    ...actual,
    nodeTypes: {
      leaf: counted(actual.nodeTypes.leaf),
      box: counted(actual.nodeTypes.box),
    },
  };
});

jest.setTimeout(60_000);

const ALL = { edges: 'all', idle: true, strangers: true } as const;
const view = viewOf(shopTraffic(), ALL);
const placement = runNow(place(itemsOf(view)));
const NO_PINS = new Map();
const LOOK = { quantile: 'p95', label: 'rate' } as const;
const PAYMENTS = 'service:cloud-b/shop-backend/payments';
const nothing = () => undefined;

const canvas = (shown: View, goTo?: { x: number; y: number; zoom: number }) => (
  <TopologyCanvas
    name="shop"
    view={shown}
    placement={placement}
    pins={NO_PINS}
    look={LOOK}
    height={600}
    goTo={goTo}
    onSelect={nothing}
    onPin={nothing}
    onViewport={nothing}
  />
);

const transform = () =>
  document.querySelector<HTMLElement>('.react-flow__viewport')!.style.transform;

describe('the canvas', () => {
  it('draws no node again while it is panned and zoomed', async () => {
    renderInTestApp(canvas(view));
    await screen.findByLabelText(/^Service payments/, {}, { timeout: 30_000 });
    expect(new Set(mockDrawn).size).toBe(view.nodes.size);
    const pane = document.querySelector('.react-flow__pane')!;
    const before = transform();
    mockDrawn.length = 0;
    const at = (x: number, y: number) => ({
      clientX: x,
      clientY: y,
      button: 0,
      buttons: 1,
      view: window,
    });
    fireEvent.mouseDown(pane, at(300, 300));
    for (let step = 1; step <= 20; step += 1) {
      fireEvent.mouseMove(window, at(300 + step * 10, 300 + step * 4));
    }
    fireEvent.mouseUp(window, at(500, 380));
    await waitFor(() => expect(transform()).not.toBe(before));
    const panned = transform();
    fireEvent.wheel(pane, { deltaY: -300, ctrlKey: true, view: window });
    await waitFor(() => expect(transform()).not.toBe(panned));
    expect(mockDrawn).toEqual([]);
  });

  it('draws only what a refresh changed', async () => {
    const traffic = shopTraffic();
    const later = shareUnchanged(
      view,
      viewOf(
        {
          ...traffic,
          nodes: traffic.nodes.map(node =>
            node.id === PAYMENTS ? { ...node, health: 'healthy' } : node,
          ),
        },
        ALL,
      ),
    );
    const Page = () => {
      const [shown, setShown] = useState(view);
      return (
        <>
          <button type="button" onClick={() => setShown(later)}>
            refresh
          </button>
          {canvas(shown)}
        </>
      );
    };
    renderInTestApp(<Page />);
    await screen.findByLabelText(
      /^Service payments, Failing/,
      {},
      { timeout: 30_000 },
    );
    mockDrawn.length = 0;
    fireEvent.click(screen.getByRole('button', { name: 'refresh' }));
    await screen.findByLabelText(/^Service payments, Healthy/);
    expect([...new Set(mockDrawn)]).toEqual([PAYMENTS]);
  });
});
