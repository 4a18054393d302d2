import { type Health, type TrafficNode } from '@isthmus/plugin-gns-common';
import {
  cornerOf,
  extentOf,
  onMap,
  type Placement,
  routeKey,
} from '../arrange/boxes';
import { LOCK_BODY, LOCK_SHACKLE, lockOf, strokeOf } from '../canvas/edgeLooks';
import { edgePath, loopPath } from '../picture/edgePath';
import { type View } from '../picture/view';

/** Colours of a picture, as CSS writes them. */
export interface SvgColors {
  background: string;
  box: string;
  inner: string;
  border: string;
  text: string;
  quiet: string;
  health: Record<Health, string>;
}

export interface SvgInput {
  title: string;
  /** Below the picture: time, window, coverage, what is hidden. */
  notes: readonly string[];
  view: View;
  placement: Placement;
  colors: SvgColors;
  nodeText: (node: TrafficNode) => { name: string; figures: string };
  edgeText: (id: string) => string | undefined;
}

const MARGIN = 32;
const FONT =
  'system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK JP", sans-serif';

/** Text as it may stand in XML; characters that XML forbids are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** Shortened to about a width, with what was cut as an ellipsis. */
function cut(text: string, width: number, size: number): string {
  let used = 0;
  let end = 0;
  for (const char of text) {
    // Full-width letters take twice the room.
    used += (char.charCodeAt(0) > 0x2e80 ? 1 : 0.56) * size;
    if (used > width) return `${text.slice(0, Math.max(1, end - 1))}…`;
    end += char.length;
  }
  return text;
}

/** The whole graph as one SVG document, also what is off screen; no scripts, no styles from outside. */
export function toSvg(input: SvgInput): string {
  const { view, placement, colors } = input;
  const boxes = onMap(placement);
  const all = extentOf(boxes.values());
  const left = all.x - MARGIN;
  const top = all.y - MARGIN - 34;
  const width = Math.ceil(Math.max(480, all.width + 2 * MARGIN));
  const height = Math.ceil(
    all.height + 2 * MARGIN + 34 + input.notes.length * 20,
  );
  const out: string[] = [];
  const text = (x: number, y: number, value: string, more: string) =>
    out.push(`<text x="${x}" y="${y}" ${more}>${escapeXml(value)}</text>`);
  out.push(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}" font-family='${FONT}' font-size="13">`,
    `<title>${escapeXml(input.title)}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${colors.background}"/>`,
  );
  text(
    left + MARGIN,
    top + 34,
    input.title,
    `font-size="18" font-weight="700" fill="${colors.text}"`,
  );
  for (const [id, box] of boxes) {
    const node = view.nodes.get(id);
    if (!node || !view.boxes.has(id)) continue;
    const isCluster = node.kind === 'cluster';
    const { name } = input.nodeText(node);
    const size = isCluster ? 15 : 12;
    out.push(
      `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${
        box.height
      }" rx="8" fill="${isCluster ? colors.box : colors.inner}" stroke="${
        colors.border
      }"${isCluster ? '' : ' stroke-dasharray="4 3"'}/>`,
    );
    text(
      box.x + 14,
      box.y + (isCluster ? 29 : 23),
      cut(name, box.width - 28, size),
      `font-size="${size}" font-weight="${isCluster ? 700 : 400}" fill="${
        isCluster ? colors.text : colors.quiet
      }"`,
    );
  }
  const labels: (() => void)[] = [];
  const seen = new Map<string, number>();
  for (const edge of view.edges.values()) {
    const from = boxes.get(edge.source);
    const to = boxes.get(edge.target);
    if (!from || !to) continue;
    const pair = routeKey(edge);
    const nth = seen.get(pair) ?? 0;
    seen.set(pair, nth + 1);
    const route = placement.routes.get(pair);
    const corner = cornerOf(placement.boxes, route?.within);
    const start = { x: from.x + from.width, y: from.y + from.height / 2 };
    const end = { x: to.x, y: to.y + to.height / 2 };
    const bends = (route?.points ?? []).map(point => ({
      x: point.x + corner.x,
      y: point.y + corner.y,
    }));
    const { path, label } =
      edge.source === edge.target
        ? loopPath(start, end, from.height)
        : edgePath(start, end, bends, nth * 22);
    const color =
      edge.health === 'healthy' ? colors.quiet : colors.health[edge.health];
    let dash = '';
    if (edge.idle === true) dash = ' stroke-dasharray="7 6" opacity="0.55"';
    else if (edge.health === 'unknown') dash = ' stroke-dasharray="2 5"';
    out.push(
      `<path d="${path}" fill="none" stroke="${color}" stroke-width="${strokeOf(
        edge,
      ).toFixed(2)}"${dash}/>`,
      `<path d="M${end.x} ${end.y}l-8 -4v8z" fill="${color}"/>`,
    );
    const written = input.edgeText(edge.id);
    const lock = lockOf(edge);
    if (written === undefined && !lock) continue;
    labels.push(() => {
      if (lock) {
        const shift = written === undefined ? 6 : written.length * 3 + 15;
        const tone = lock === 'closed' ? colors.quiet : colors.health.degraded;
        out.push(
          `<g transform="translate(${label.x - shift} ${
            label.y - 6
          })"><path d="${LOCK_BODY}" fill="${tone}"/><path d="${
            LOCK_SHACKLE[lock]
          }" fill="none" stroke="${tone}" stroke-width="1.5"/></g>`,
        );
      }
      if (written !== undefined) {
        text(
          label.x,
          label.y + 4,
          written,
          `text-anchor="middle" font-size="12" fill="${colors.text}" stroke="${colors.background}" stroke-width="4" paint-order="stroke"`,
        );
      }
    });
  }
  for (const [id, box] of boxes) {
    const node = view.nodes.get(id);
    if (!node || view.boxes.has(id)) continue;
    const { name, figures } = input.nodeText(node);
    const edge =
      node.health === 'healthy' ? colors.border : colors.health[node.health];
    out.push(
      `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${
        box.height
      }" rx="8" fill="${colors.box}" stroke="${edge}"${
        node.health === 'unknown' ? ' stroke-dasharray="2 3"' : ''
      }/>`,
      `<circle cx="${box.x + box.width - 16}" cy="${
        box.y + box.height / 2
      }" r="5" fill="${colors.health[node.health]}"/>`,
    );
    const middle = box.y + box.height / 2;
    text(
      box.x + 12,
      middle - 4,
      cut(name, box.width - 44, 13),
      `fill="${colors.text}"`,
    );
    text(
      box.x + 12,
      middle + 14,
      cut(figures, box.width - 44, 12),
      `font-size="12" fill="${colors.quiet}"`,
    );
  }
  labels.forEach(draw => draw());
  input.notes.forEach((note, i) =>
    text(
      left + MARGIN,
      all.y + all.height + MARGIN + 8 + i * 20,
      note,
      `font-size="12" fill="${colors.quiet}"`,
    ),
  );
  out.push('</svg>');
  return out.join('\n');
}
