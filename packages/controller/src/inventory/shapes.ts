import { z } from 'zod';

/** Text as long as a Kubernetes name may be. */
export const text = z.string().max(253);

export const labelMap = z.record(z.string(), z.string()).nullish();

const envShape = z
  .array(z.looseObject({ name: z.string(), value: z.string().nullish() }))
  .nullish();
/** A container of a pod or of a pod template. */
export const containerShape = z.looseObject({
  name: z.string(),
  image: z.string().nullish(),
  /** `Always` on an init container: a native sidecar, which runs beside the containers. */
  restartPolicy: z.string().nullish(),
  env: envShape,
  ports: z
    .array(
      z.looseObject({
        name: z.string().nullish(),
        containerPort: z.number().int(),
      }),
    )
    .nullish(),
});

/** Whether a number is a port. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}
