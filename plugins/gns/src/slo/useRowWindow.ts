import { type RefCallback, useCallback, useRef, useState } from 'react';
import { rowWindow } from './rowWindow';

/** Pixels, before anything was measured. */
const FIRST_HEIGHT = 800;

/** Which rows of equal height are in sight of a scrolling element; nothing is drawn anew while these stay the same. */
export function useRowWindow(options: { count: number; rowHeight: number }): {
  scroller: RefCallback<HTMLElement>;
  first: number;
  end: number;
} {
  const { count, rowHeight } = options;
  const [seen, setSeen] = useState({ row: 0, height: FIRST_HEIGHT });
  const current = useRef(rowHeight);
  current.current = rowHeight;
  const leave = useRef<() => void>();
  const scroller = useCallback((element: HTMLElement | null) => {
    leave.current?.();
    leave.current = undefined;
    if (!element) return;
    const look = () => {
      // Whole rows only: a pixel more shows nothing new.
      const row = Math.floor(element.scrollTop / current.current);
      const height = element.clientHeight || FIRST_HEIGHT;
      setSeen(before =>
        before.row === row && before.height === height
          ? before
          : { row, height },
      );
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    leave.current = () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
    look();
  }, []);
  return {
    scroller,
    ...rowWindow({
      scrollTop: seen.row * rowHeight,
      // The row at the top may be cut.
      height: seen.height + rowHeight,
      rowHeight,
      count,
    }),
  };
}
