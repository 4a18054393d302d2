import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, fillOnce } from './cacheFolder';

describe('cacheFolder', () => {
  it('takes the folder of the project first, then the desktop’s, then the home’s', () => {
    expect(cacheFolder({ ISTHMUS_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe(
      '/a/testbed',
    );
    expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/isthmus/testbed');
    expect(cacheFolder({})).toMatch(/\/\.cache\/isthmus\/testbed$/);
  });
});

describe('fillOnce', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'fill-once-'));
  });

  afterEach(() => fs.rm(folder, { recursive: true }));

  it('fills once when several want it at the same time', async () => {
    const target = join(folder, 'deep', 'tool-v1');
    let fills = 0;
    const fill = async (scratch: string) => {
      fills += 1;
      await fs.writeFile(join(scratch, 'tool'), 'binary');
    };
    const found = await Promise.all(
      [1, 2, 3].map(() => fillOnce(target, fill, () => undefined)),
    );
    expect(found).toEqual([target, target, target]);
    expect(fills).toBe(1);
    await expect(fs.readFile(join(target, 'tool'), 'utf8')).resolves.toBe(
      'binary',
    );
  });

  it('leaves nothing half-filled when filling fails, and fills at the next try', async () => {
    const target = join(folder, 'tool-v1');
    await expect(
      fillOnce(
        target,
        async scratch => {
          await fs.writeFile(join(scratch, 'half'), '');
          throw new Error('no network');
        },
        () => undefined,
      ),
    ).rejects.toThrow('no network');
    expect(await fs.readdir(folder)).toEqual(['tool-v1.lock']);
    await fillOnce(
      target,
      async () => undefined,
      () => undefined,
    );
    expect(await fs.readdir(folder)).toContain('tool-v1');
  });
});
