import { movedParts } from './movedParts';

const part = (ownPath: string, path: string, listed = true) => ({
  ownPath,
  path,
  listed,
});

describe('movedParts', () => {
  it('leads from the own path of a part to where the admin put it', () => {
    expect(
      movedParts([part('clusters', 'members'), part('history', 'history')]),
    ).toEqual([{ from: 'clusters', to: 'members', listed: true }]);
  });

  it('leaves a path alone that another part has now', () => {
    expect(
      movedParts([part('clusters', 'members'), part('members', 'clusters')]),
    ).toEqual([]);
  });
});
