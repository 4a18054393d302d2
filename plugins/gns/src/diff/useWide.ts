import { type RefCallback, useCallback, useRef, useState } from 'react';

/** Whether the element has at least so many pixels of width; true until measured. */
export function useWide(
  pixels: number,
): [ref: RefCallback<HTMLElement>, wide: boolean] {
  const [wide, setWide] = useState(true);
  const observer = useRef<ResizeObserver>();
  const ref = useCallback(
    (element: HTMLElement | null) => {
      observer.current?.disconnect();
      if (!element) return;
      observer.current = new ResizeObserver(([entry]) =>
        setWide(entry.contentRect.width >= pixels),
      );
      observer.current.observe(element);
    },
    [pixels],
  );
  return [ref, wide];
}
