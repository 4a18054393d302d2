import { useCallback, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import { type TrafficLevel } from '@isthmus/plugin-gns-common';
import { type Point } from '../arrange/layered';

const pinsSchema = z.record(
  z.string(),
  z.strictObject({ x: z.number(), y: z.number() }),
);
type Pins = z.infer<typeof pinsSchema>;

/** What storage holds is as hostile as anything from outside. */
function readPins(value: unknown): Pins {
  const parsed = pinsSchema.safeParse(value);
  return parsed.success ? parsed.data : {};
}

/** Places that the reader chose, kept for them per global namespace and level. */
export function usePins(gns: string, level: TrafficLevel) {
  const storage = useApi(storageApiRef).forBucket('gns-topology');
  const key = `pins/${gns}/${level}`;
  const [known, setKnown] = useState<{ key: string; pins: Pins }>();
  useEffect(() => {
    setKnown({ key, pins: readPins(storage.snapshot(key).value) });
    const watch = storage.observe$(key).subscribe(change => {
      setKnown({ key, pins: readPins(change.value) });
    });
    return () => watch.unsubscribe();
    // A bucket is made anew each time, with the same contents.
  }, [key]); // eslint-disable-line react-hooks/exhaustive-deps
  const pins = useMemo(
    () =>
      new Map<string, Point>(
        Object.entries(known?.key === key ? known.pins : {}),
      ),
    [known, key],
  );
  const pin = useCallback(
    (id: string, at: Point) =>
      storage.set(key, {
        ...readPins(storage.snapshot(key).value),
        [id]: { x: at.x, y: at.y },
      }),
    [key], // eslint-disable-line react-hooks/exhaustive-deps
  );
  const unpinAll = useCallback(
    () => storage.remove(key),
    [key], // eslint-disable-line react-hooks/exhaustive-deps
  );
  return { pins, pin, unpinAll };
}
