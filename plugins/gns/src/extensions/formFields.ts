import {
  createFormField,
  FormFieldBlueprint,
} from '@backstage/plugin-scaffolder-react/alpha';

/** Fields of software templates: `ui:field: GnsPicker` and so on. */
export const formFields = [
  FormFieldBlueprint.make({
    name: 'gns-picker',
    params: {
      field: async () => {
        const [{ GnsPicker }, { gnsPickerSchema }] = await Promise.all([
          import('../scaffolder/GnsPicker'),
          import('../scaffolder/fieldSchemas'),
        ]);
        return createFormField({
          name: 'GnsPicker',
          component: GnsPicker,
          schema: gnsPickerSchema,
        });
      },
    },
  }),
  FormFieldBlueprint.make({
    name: 'gns-cluster-picker',
    params: {
      field: async () => {
        const [{ GnsClusterPicker }, { clusterPickerSchema }] =
          await Promise.all([
            import('../scaffolder/GnsClusterPicker'),
            import('../scaffolder/fieldSchemas'),
          ]);
        return createFormField({
          name: 'GnsClusterPicker',
          component: GnsClusterPicker,
          schema: clusterPickerSchema,
        });
      },
    },
  }),
  FormFieldBlueprint.make({
    name: 'gns-host-preview',
    params: {
      field: async () => {
        const [{ GnsHostPreview }, { hostPreviewSchema }] = await Promise.all([
          import('../scaffolder/GnsHostPreview'),
          import('../scaffolder/fieldSchemas'),
        ]);
        return createFormField({
          name: 'GnsHostPreview',
          component: GnsHostPreview,
          schema: hostPreviewSchema,
        });
      },
    },
  }),
];
