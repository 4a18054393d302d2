import fc from 'fast-check';
import { parse, parseDocument } from 'yaml';
import { schemaOfKind } from '../editor/jsonSchema';
import { type Edit, editYaml } from './editYaml';
import { same, valueAt } from './same';

const schema = schemaOfKind('GlobalNamespace');
const TEXT = `# The shop of all shops.
apiVersion: gns.isthmus.dev/v1
kind: GlobalNamespace
metadata: { name: shop,   title: "Web shop" } # kept
spec:
  domain: shop.gns.example   # never changes

  # Who belongs.
  members:
    # Europe first
    - clusters: { prefix: eu- }
      namespaces: { names: [shop-web, shop-api] }
    - namespaces:
        labels:
          team: shop # ours
`;

const edit = (path: Edit['path'], value: unknown, text = TEXT) =>
  editYaml(text, [{ path, value }], schema);

describe('editYaml', () => {
  it('changes one value and not a blank besides', () => {
    expect(edit(['metadata', 'title'], 'Corner shop')).toBe(
      TEXT.replace('"Web shop"', '"Corner shop"'),
    );
    expect(edit(['spec', 'members', 0, 'clusters', 'prefix'], 'us-')).toBe(
      TEXT.replace('eu-', 'us-'),
    );
  });

  it('quotes where the place needs it', () => {
    expect(
      edit(['spec', 'members', 0, 'namespaces', 'names', 1], 'a, b]'),
    ).toContain('names: [shop-web, "a, b]"]');
    expect(edit(['metadata', 'name'], 'true')).toMatch(/name: "true"/);
  });

  it('puts a new key where the schema has it', () => {
    const text = edit(['spec', 'mtls'], 'permissive')!;
    expect(Object.keys(parse(text).spec)).toEqual([
      'domain',
      'members',
      'mtls',
    ]);
    expect(
      Object.keys(parse(edit(['spec', 'publicDomain'], true)!).spec),
    ).toEqual(['domain', 'publicDomain', 'members']);
  });

  it('makes what is missing on the way', () => {
    expect(
      parse(edit(['spec', 'authority', 'leafTtl'], '2h')!).spec.authority,
    ).toEqual({ leafTtl: '2h' });
    expect(
      edit(['spec', 'members', 0, 'namespaces'], { names: ['a'] }, 'kind: X\n'),
    ).toBe('kind: X\nspec:\n  members:\n    - namespaces: { names: [ a ] }\n');
  });

  it('keeps the comments of the entries that stay', () => {
    const text = edit(
      ['spec', 'members'],
      [
        { namespaces: { labels: { team: 'shop' } } },
        { namespaces: { names: ['new'] } },
      ],
    )!;
    expect(text).toContain('team: shop # ours');
    expect(text).toContain('# Who belongs.');
    expect(text).toContain('# never changes');
    expect(text).not.toContain('eu-');
  });

  it('removes a key or an entry', () => {
    expect(
      parse(edit(['spec', 'members', 0], undefined)!).spec.members,
    ).toEqual([{ namespaces: { labels: { team: 'shop' } } }]);
    expect(parse(edit(['metadata', 'title'], undefined)!).metadata).toEqual({
      name: 'shop',
    });
  });

  it('leaves a text alone that it cannot read, or that has another shape', () => {
    expect(edit(['spec'], {}, 'a: [')).toBeUndefined();
    expect(edit(['spec', 'domain', 'x'], 1)).toBeUndefined();
    expect(edit(['spec', 'members', 7], {})).toBeUndefined();
  });

  const matcher = fc.oneof(
    fc.record({ prefix: fc.constantFrom('', 'eu-', 'a') }),
    fc.record({
      names: fc.array(fc.constantFrom('a', 'yes', '1', 'on'), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    fc.record({ labels: fc.constant({ 'app.io/team': 'x' }) }),
  );
  const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({
      path: fc.constant(['metadata', 'title']),
      value: fc.option(fc.string(), { nil: undefined }),
    }),
    fc.record({
      path: fc.constant(['metadata', 'labels']),
      value: fc.option(
        fc.dictionary(fc.constantFrom('a', 'b', 'c/d'), fc.string()),
        { nil: undefined },
      ),
    }),
    fc.record({
      path: fc.constant(['spec', 'members']),
      value: fc.array(fc.record({ clusters: matcher, namespaces: matcher })),
    }),
    fc.record({
      path: fc.constant(['spec', 'members', 0, 'namespaces']),
      value: matcher,
    }),
    fc.record({
      path: fc.constant(['spec', 'mtls']),
      value: fc.constantFrom('strict', 'permissive', undefined),
    }),
  );

  it('reads as asked, whatever was edited before, and keeps comments outside', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 5 }), edits => {
        let text = TEXT;
        for (const one of edits) {
          const made = editYaml(text, [one], schema);
          if (made === undefined) continue;
          expect(parseDocument(made).errors).toEqual([]);
          expect(same(valueAt(parse(made), one.path), one.value)).toBe(true);
          text = made;
        }
        expect(text).toContain('# The shop of all shops.');
        expect(text).toContain('# never changes');
      }),
    );
  });
});
