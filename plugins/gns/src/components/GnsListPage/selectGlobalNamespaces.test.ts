import { summaries } from '../../../dev/fixtures';
import { selectGlobalNamespaces } from './selectGlobalNamespaces';

const names = (...args: Parameters<typeof selectGlobalNamespaces>) =>
  selectGlobalNamespaces(...args).map(item => item.name);

describe('selectGlobalNamespaces', () => {
  it('finds by every word, in title, domain, owner or cluster', () => {
    expect(names(summaries, 'WEB shop.gns', 'name')).toEqual(['shop']);
    expect(names(summaries, 'payments', 'name')).toEqual(['bank', 'shop']);
    expect(names(summaries, 'lab-1', 'name')).toEqual(['lab']);
    expect(names(summaries, 'shop lab-1', 'name')).toEqual([]);
  });

  it('orders the worst first', () => {
    expect(names(summaries, '', 'health')).toEqual(['shop', 'lab', 'bank']);
  });

  it('orders the last changed first', () => {
    expect(names(summaries, '', 'updated')).toEqual(['shop', 'bank', 'lab']);
  });

  it('leaves its input alone', () => {
    const before = [...summaries];
    names(summaries, '', 'health');
    expect(summaries).toEqual(before);
  });
});
