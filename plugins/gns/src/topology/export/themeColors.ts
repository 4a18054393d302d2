import { type SvgColors } from './toSvg';

/** The colours of the page as it is now, resolved, so that a file needs no theme. */
export function themeColors(element: Element): SvgColors {
  const style = getComputedStyle(element);
  const read = (name: string, otherwise: string) =>
    style.getPropertyValue(name).trim() || otherwise;
  return {
    background: read('--bui-bg-neutral-1', '#f4f4f4'),
    box: read('--bui-bg-app', '#ffffff'),
    inner: read('--bui-bg-neutral-1', '#f4f4f4'),
    border: read('--bui-border-2', '#b0b0b0'),
    text: read('--bui-fg-primary', '#111111'),
    quiet: read('--bui-fg-secondary', '#5a5a5a'),
    health: {
      healthy: read('--bui-fg-positive', '#1a7f37'),
      degraded: read('--bui-fg-warning', '#9a6700'),
      failing: read('--bui-fg-negative', '#c0392b'),
      unknown: read('--bui-fg-secondary', '#5a5a5a'),
    },
  };
}
