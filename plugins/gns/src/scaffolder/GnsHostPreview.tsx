import { useEffect, useRef } from 'react';
import { TextField } from '@backstage/ui';
import { SERVICE_LABEL } from '@isthmus/plugin-gns-common';
import { useLive } from '../live/useLive';
import { useGnsTranslation } from '../useGnsTranslation';
import { type hostPreviewSchema } from './fieldSchemas';

/** The name by which members will call the service, and whether it exists already. */
export function GnsHostPreview(props: typeof hostPreviewSchema.TProps) {
  const { t } = useGnsTranslation();
  const options = props.uiSchema['ui:options'];
  const form: Record<string, unknown> = props.formContext?.formData ?? {};
  const gns = textOf(form[options?.gnsField ?? 'gns']);
  const service = textOf(form[options?.serviceField ?? 'name']);
  const { value, error } = useLive(
    'scaffolder/services',
    async (api, signal) => {
      const [namespaces, services] = await Promise.all([
        api.listGlobalNamespaces(signal),
        api.allServices(signal),
      ]);
      return { namespaces: namespaces.items, services };
    },
    { topics: ['definitions', 'status'] },
  );
  const domain = value?.namespaces.find(one => one.name === gns)?.domain;
  const valid = SERVICE_LABEL.test(service);
  const host = domain && valid ? `${service}.${domain}` : '';

  const tell = useRef(props.onChange);
  tell.current = props.onChange;
  const told = props.formData ?? '';
  useEffect(() => {
    if (host !== told) tell.current(host || undefined);
  }, [host, told]);

  return (
    <TextField
      label={props.schema.title ?? t('scaffolder.preview')}
      description={describe()}
      value={host}
      isReadOnly
    />
  );

  function describe(): string {
    if (service && !valid) {
      return t('scaffolder.previewInvalid', { name: service });
    }
    if (!gns || !service) return t('scaffolder.previewWaits');
    if (!value) {
      return error
        ? t('scaffolder.failed', { reason: error.message })
        : t('scaffolder.loading');
    }
    const places =
      value.services
        .find(one => one.gns === gns && one.name === service)
        ?.places.map(place => `${place.cluster}/${place.namespace}`) ?? [];
    return places.length > 0
      ? t('scaffolder.previewTaken', {
          count: places.length,
          places: places.join(', '),
        })
      : t('scaffolder.previewFree', { gns });
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
