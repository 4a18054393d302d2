import { questionOf } from './question';

const of = (query: string) => questionOf(new URLSearchParams(query));

describe('questionOf', () => {
  it('reads caller, target and port', () => {
    expect(of('from=a/web&to=shop/stock&port=80')).toEqual({
      from: 'a/web',
      to: 'shop/stock',
      port: '80',
    });
    expect(of('from=%20a/web%20')).toEqual({ from: 'a/web', to: '', port: '' });
  });

  it.each(['0', '65536', '-1', '8o', '1e3'])('%s is no port', port => {
    expect(of(`port=${port}`).port).toBe('');
  });
});
