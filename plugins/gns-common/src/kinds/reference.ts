import { InputError } from '@backstage/errors';
import { DNS_LABEL } from '../dns';
import { showValue } from '../problems';

/** Names one definition: kind, its global namespace where it has one, and name. */
export interface DefinitionRef {
  kind: string;
  gns?: string;
  name: string;
}

/** `GlobalNamespace:shop`, `TrafficRoute:shop/checkout`. */
export function formatRef(ref: DefinitionRef): string {
  return ref.gns
    ? `${ref.kind}:${ref.gns}/${ref.name}`
    : `${ref.kind}:${ref.name}`;
}

/** Reads what {@link formatRef} writes. @throws InputError when the text is no reference. */
export function parseRef(text: string): DefinitionRef {
  const match = /^([A-Z][A-Za-z]{0,62}):(?:([^/]+)\/)?([^/]+)$/.exec(text);
  const names = match ? [match[2], match[3]].filter(n => n !== undefined) : [];
  if (!match || !names.every(n => DNS_LABEL.test(n))) {
    throw new InputError(
      `${showValue(text)} is no reference; write Kind:name or Kind:gns/name`,
    );
  }
  return { kind: match[1], gns: match[2], name: match[3] };
}

/** The reference of a definition. */
export function refOf(definition: {
  kind: string;
  metadata: { name: string; gns?: string };
}): DefinitionRef {
  const { name, gns } = definition.metadata;
  return gns
    ? { kind: definition.kind, gns, name }
    : { kind: definition.kind, name };
}
