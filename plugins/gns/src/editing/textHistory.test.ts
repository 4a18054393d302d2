import fc from 'fast-check';
import { change, redo, startHistory, undo } from './textHistory';

describe('textHistory', () => {
  it('undoes typing in one place at once, and each place by itself', () => {
    let history = startHistory('');
    history = change(history, 's', 'name', 0);
    history = change(history, 'sh', 'name', 300);
    history = change(history, 'sh!', 'title', 400);
    history = change(history, 'sh!?', 'title', 5000);
    const seen = [];
    for (let i = 0; i < 4; i += 1) {
      history = undo(history);
      seen.push(history.text);
    }
    expect(seen).toEqual(['sh!', 'sh', '', '']);
  });

  it('redoes what was undone, until something else is written', () => {
    let history = change(startHistory('a'), 'b', 'x', 0);
    history = redo(undo(history));
    expect(history.text).toBe('b');
    history = change(undo(history), 'c', 'x', 9000);
    expect(redo(history).text).toBe('c');
  });

  it('undo after undo leads to the start, redo after redo back to the end', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 30 }), texts => {
        const end = texts.reduce(
          (at, text, i) => change(at, text, 'x', i * 10_000),
          startHistory('start'),
        );
        let back = end;
        while (back.past.length > 0) back = undo(back);
        expect(back.text).toBe('start');
        let forth = back;
        while (forth.future.length > 0) forth = redo(forth);
        expect(forth.text).toBe(end.text);
      }),
    );
  });
});
