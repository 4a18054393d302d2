import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceFolder, referencePages } from '../dev/reference/pages';

describe('the reference in docs/reference', () => {
  const pages = referencePages();

  it.each(Object.keys(pages))(
    '%s says what the product says; else run `yarn reference`',
    name => {
      expect(readFileSync(join(referenceFolder, name), 'utf8')).toBe(
        pages[name],
      );
    },
  );

  it('holds no page that nobody writes', () => {
    expect(readdirSync(referenceFolder).sort()).toEqual(
      Object.keys(pages).sort(),
    );
  });

  it('describes every setting and every field that is neither a constant nor a group of others', () => {
    const undescribed = ['definitions.md', 'configuration.md'].flatMap(name =>
      pages[name]
        .split('\n')
        .filter(line => line.startsWith('| `') && /\|\s*\|$/.test(line))
        .map(line => line.split(' | '))
        .filter(([, type]) => !/^(`"[^`]*"`|object|list of object)$/.test(type))
        .map(([field]) => `${name}: ${field}`),
    );
    expect(undescribed).toEqual([]);
  });
});
