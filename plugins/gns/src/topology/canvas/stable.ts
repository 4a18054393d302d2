import {
  type RefObject,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';

/** A function that keeps its identity until something in `reasons` changes, and calls its newest version. */
export function useStable<A extends unknown[], R>(
  fn: (...args: A) => R,
  reasons: readonly unknown[],
): (...args: A) => R {
  const latest = useRef(fn);
  latest.current = fn;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- that is its purpose
  return useCallback((...args: A) => latest.current(...args), reasons);
}

/** Of the frame, pixels; 0 until it is known. */
export function useWidth(frame: RefObject<HTMLElement>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
