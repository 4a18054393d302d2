import { type RefCallback, useCallback, useRef, useState } from 'react';

/** Pixels, before anything was measured. */
const FIRST_WIDTH = 640;

/** The width of an element, for what is drawn in it. */
export function useWidth(): [ref: RefCallback<HTMLElement>, width: number] {
  const [width, setWidth] = useState(FIRST_WIDTH);
  const observer = useRef<ResizeObserver>();
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (!element) return;
    observer.current = new ResizeObserver(([entry]) =>
      setWidth(Math.max(1, Math.floor(entry.contentRect.width))),
    );
    observer.current.observe(element);
  }, []);
  return [ref, width];
}
