import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

/**
 * One choice of a view, kept in the address: it survives a reload and can be
 * sent to somebody. What is no choice counts as the first one.
 */
export function useUrlChoice<T extends string>(
  name: string,
  choices: readonly [T, ...T[]],
): [T, (chosen: T) => void] {
  const [text, setText] = useUrlText(name, choices[0]);
  return [choices.find(one => one === text) ?? choices[0], setText];
}

/** A text of a view, kept in the address; the usual one is left out. */
export function useUrlText(
  name: string,
  usual = '',
): [string, (text: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (text: string) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          if (text === usual) next.delete(name);
          else next.set(name, text);
          return next;
        },
        // Each letter of a search is no step to go back to.
        { replace: true },
      ),
    [name, setParams, usual],
  );
  return [params.get(name) ?? usual, set];
}

/** Takes choices out of the address, all at once. */
export function useUrlClear(...names: string[]): () => void {
  const [, setParams] = useSearchParams();
  return () =>
    setParams(
      before => {
        const next = new URLSearchParams(before);
        names.forEach(name => next.delete(name));
        return next;
      },
      { replace: true },
    );
}
