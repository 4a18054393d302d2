import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the focus in the page when a dialog closes. The dialog itself gives it
 * back to what opened it; where that is gone by then (a decided row, a deleted
 * card), it goes to `fallback`, which needs a `tabIndex`.
 */
export function useReturnFocus(
  isOpen: boolean,
  fallback: RefObject<HTMLElement>,
): void {
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    const closed = wasOpen.current && !isOpen;
    wasOpen.current = isOpen;
    if (!closed) return undefined;
    // After the dialog has tried, which it does a frame after it is gone.
    const timer = setTimeout(() => {
      const { activeElement } = document;
      if (!activeElement || activeElement === document.body) {
        fallback.current?.focus();
      }
    }, 100);
    return () => clearTimeout(timer);
  }, [isOpen, fallback]);
}
