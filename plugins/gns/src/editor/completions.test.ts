import { suggestionsAt } from './completions';
import { schemaOfKind } from './jsonSchema';
import { pathAt } from './placeAt';

const schema = schemaOfKind('GlobalNamespace');

/** Labels suggested where the text has `|`. */
function labels(marked: string, known?: (path: string) => string[]) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return (
    suggestionsAt(text, offset, schema, path =>
      known ? known(path.join('.')) : [],
    )?.options.map(option => option.label) ?? []
  );
}

/** The text after the suggestion of that label was taken. */
function take(marked: string, label: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = suggestionsAt(text, offset, schema)!;
  const option = found.options.find(one => one.label === label)!;
  return text.slice(0, found.from) + option.insert + text.slice(found.to);
}

describe('suggestionsAt', () => {
  it('suggests the keys of an empty document', () => {
    expect(labels('|')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  });

  it('leaves out what is there', () => {
    expect(labels('apiVersion: gns.isthmus.dev/v1\nk|')).not.toContain(
      'apiVersion',
    );
  });

  it('suggests keys of the object that the cursor is in', () => {
    expect(labels('spec:\n  |')).toEqual(
      expect.arrayContaining(['domain', 'members', 'mtls', 'authority']),
    );
    expect(labels('spec:\n  domain: a.b\n  mt|\nmetadata: {}\n')).toContain(
      'mtls',
    );
    expect(labels('spec:\n  members:\n    - |')).toEqual([
      'clusters',
      'namespaces',
      'services',
    ]);
    expect(
      labels('spec:\n  members:\n    - clusters: { prefix: a }\n      |'),
    ).toEqual(['namespaces', 'services']);
  });

  it('suggests each way of a choice', () => {
    expect(labels('spec:\n  members:\n    - namespaces: { | }')).toEqual([
      'names',
      'prefix',
      'labels',
    ]);
  });

  it('suggests values that are few', () => {
    expect(labels('spec:\n  mtls: |')).toEqual(['strict', 'permissive']);
    expect(labels('spec:\n  mtls: per|')).toEqual(['strict', 'permissive']);
    expect(labels('spec:\n  publicDomain: |')).toEqual(['true', 'false']);
    expect(labels('apiVersion: |')).toEqual(['gns.isthmus.dev/v1']);
  });

  it('suggests names that somebody knows', () => {
    const known = (path: string) =>
      path === 'spec.members.0.clusters.names.1' ? ['eu-1', 'eu-2'] : [];
    expect(
      labels('spec:\n  members:\n    - clusters: { names: [eu-0, |] }', known),
    ).toEqual(['eu-1', 'eu-2']);
  });

  it('writes what follows a key: an object, a list or a value', () => {
    expect(take('spec:\n  mt|', 'mtls')).toBe('spec:\n  mtls: ');
    expect(take('spec:\n  mem|', 'members')).toBe('spec:\n  members:\n    - ');
    expect(take('sp|', 'spec')).toBe('spec:\n  ');
    expect(take('spec:\n  members:\n    - name|', 'namespaces')).toBe(
      'spec:\n  members:\n    - namespaces:\n        ',
    );
    expect(take('spec:\n  members:\n    - namespaces: { na| }', 'names')).toBe(
      'spec:\n  members:\n    - namespaces: { names: [] }',
    );
    expect(take('spec:\n  mtls:|', 'strict')).toBe('spec:\n  mtls: strict');
  });

  it('says nothing in a comment, a text, or a text that cannot be read', () => {
    expect(labels('spec:\n  # mt|')).toEqual([]);
    expect(labels('metadata:\n  name: sh|')).toEqual([]);
    expect(labels(`${'['.repeat(20_000)}|`)).toEqual([]);
  });
});

describe('pathAt', () => {
  const text =
    'metadata:\n  name: shop\nspec:\n  members:\n    - clusters: { prefix: eu- }\n';

  it('is the innermost key around the cursor', () => {
    expect(pathAt(text, text.indexOf('shop'))).toEqual(['metadata', 'name']);
    expect(pathAt(text, text.indexOf('name') + 1)).toEqual([
      'metadata',
      'name',
    ]);
    expect(pathAt(text, text.indexOf('eu-'))).toEqual([
      'spec',
      'members',
      0,
      'clusters',
      'prefix',
    ]);
  });

  it('is the root outside of everything', () => {
    expect(pathAt('', 0)).toEqual([]);
  });
});
