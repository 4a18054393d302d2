import { makeFieldSchema } from '@backstage/plugin-scaffolder-react';

/** Gives the name of a global namespace. */
export const gnsPickerSchema = makeFieldSchema({
  output: z => z.string(),
});

/** Gives the name of a member cluster. */
export const clusterPickerSchema = makeFieldSchema({
  output: z => z.string(),
  uiOptions: z =>
    z.object({
      allowSimulated: z
        .boolean()
        .optional()
        .describe('Offer simulated clusters too; default true'),
    }),
});

/** Gives the host name that the service will have. */
export const hostPreviewSchema = makeFieldSchema({
  output: z => z.string(),
  uiOptions: z =>
    z.object({
      gnsField: z
        .string()
        .optional()
        .describe('Parameter with the global namespace; default gns'),
      serviceField: z
        .string()
        .optional()
        .describe('Parameter with the name of the service; default name'),
    }),
});
