import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parse } from 'yaml';

const repository = resolve(__dirname, '../../..');
const docs = join(repository, 'docs');

function filesBelow(folder: string, ends: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ends) && !name.includes('node_modules'))
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile());
}

const pages = filesBelow(docs, '.md');

/** Anchors as Markdown renderers make them of headings. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const withoutCode = (text: string) => text.replaceAll(/```[\s\S]*?```/g, '');

describe('the documentation', () => {
  it('lists every page in mkdocs.yml, and no page that is not there', () => {
    const listed: string[] = [];
    const walk = (entry: unknown): void => {
      if (typeof entry === 'string') listed.push(entry);
      else if (entry && typeof entry === 'object')
        Object.values(entry).forEach(walk);
    };
    walk(parse(readFileSync(join(repository, 'mkdocs.yml'), 'utf8')).nav);
    expect(listed.sort()).toEqual(
      pages.map(page => relative(docs, page)).sort(),
    );
  });

  it('has no link to a page, a picture or a heading that is not there', () => {
    const broken = [...pages, join(repository, 'README.md')].flatMap(page =>
      [...withoutCode(readFileSync(page, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link]) => link)
        .filter(link => !/^[a-z]+:/.test(link))
        .filter(link => {
          const [path, anchor] = link.split('#');
          const target = path ? join(dirname(page), path) : page;
          if (!existsSync(target)) return true;
          return (
            anchor !== undefined &&
            !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
          );
        })
        .map(link => `${relative(repository, page)}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it('names every auditor event, and none that is not sent', () => {
    const sent = filesBelow(__dirname, '.ts')
      .filter(file => !file.endsWith('.test.ts'))
      .flatMap(file => [
        ...readFileSync(file, 'utf8').matchAll(/eventId:\s*'([^']+)'/g),
      ])
      .map(([, eventId]) => eventId);
    const named = [
      ...readFileSync(join(docs, 'audit.md'), 'utf8').matchAll(
        /^\| `([^`]+)`/gm,
      ),
    ].map(([, eventId]) => eventId);
    expect(named.sort()).toEqual([...new Set(sent)].sort());
  });
});
