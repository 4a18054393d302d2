import { InputError } from '@backstage/errors';
import {
  ANNOTATION_SERVICE,
  parseServiceAnnotation,
} from '@isthmus/plugin-gns-common';
import { isMap, parseAllDocuments, type Document } from 'yaml';

/**
 * The text of a catalog-info file in which the component names the service, with
 * comments and order kept. Services that it names already stay.
 *
 * @param component - name of the component; absent: the only one in the file
 * @throws InputError when there is no such component
 */
export function annotate(
  text: string,
  service: { gns: string; service: string },
  component?: string,
): string {
  const parsed = parseAllDocuments(text);
  // An empty text gives an object of another shape.
  const documents = Array.isArray(parsed) ? parsed : [];
  const broken = documents.flatMap(d => d.errors)[0];
  if (broken) {
    throw new InputError(`The catalog file is no YAML: ${broken.message}`);
  }
  const candidates = documents.filter(
    d =>
      d.get('kind') === 'Component' &&
      (component === undefined || d.getIn(['metadata', 'name']) === component),
  );
  if (candidates.length !== 1) {
    const named = component === undefined ? '' : ` of the name "${component}"`;
    throw new InputError(
      candidates.length === 0
        ? `The catalog file has no component${named}.`
        : `The catalog file has ${candidates.length} components${named}. Say which one it is with "component".`,
    );
  }
  setAnnotation(candidates[0], `${service.gns}/${service.service}`);
  return documents.map(d => d.toString({ lineWidth: 0 })).join('');
}

function setAnnotation(document: Document, reference: string): void {
  const path = ['metadata', 'annotations', ANNOTATION_SERVICE];
  const before = document.getIn(path);
  const { services } = parseServiceAnnotation(
    typeof before === 'string' ? before : '',
  );
  const names = services.map(s => `${s.gns}/${s.service}`);
  if (names.includes(reference)) return;
  if (!isMap(document.getIn(path.slice(0, 2)))) {
    document.setIn(path.slice(0, 2), document.createNode({}));
  }
  document.setIn(path, [...names, reference].join(', '));
}
