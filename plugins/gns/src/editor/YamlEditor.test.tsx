import { useState } from 'react';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { currentCompletions, startCompletion } from '@codemirror/autocomplete';
import { EditorView } from '@codemirror/view';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { checkText } from './checkText';
import { YamlEditor, type YamlEditorProps } from './YamlEditor';

const TEXT = `apiVersion: gns.isthmus.dev/v1
kind: GlobalNamespace
metadata:
  name: shop
spec:
  domain: Shop
`;

function Owner(props: Partial<YamlEditorProps> & { text?: string }) {
  const [text, setText] = useState(props.text ?? TEXT);
  return (
    <>
      <YamlEditor
        label="Definition"
        value={text}
        onChange={setText}
        problems={checkText(text).problems}
        {...props}
      />
      <pre data-testid="text">{text}</pre>
      <button type="button" onClick={() => setText('kind: Other\n')}>
        change from outside
      </button>
    </>
  );
}

async function openEditor(props: Parameters<typeof Owner>[0] = {}) {
  renderInTestApp(<Owner {...props} />);
  const content = await screen.findByRole(
    'textbox',
    { name: 'Definition' },
    { timeout: 30_000 },
  );
  const view = EditorView.findFromDOM(content)!;
  return { content, view };
}

jest.setTimeout(60_000);

describe('YamlEditor', () => {
  it('tells its owner of what is typed, and shows what the owner sets', async () => {
    const { view } = await openEditor();
    act(() => {
      view.dispatch({
        changes: { from: 0, insert: '# mine\n' },
        userEvent: 'input.type',
      });
    });
    expect(screen.getByTestId('text')).toHaveTextContent(/^# mine/);
    await userEvent.click(screen.getByText('change from outside'));
    expect(view.state.doc.toString()).toBe('kind: Other\n');
  });

  it('lists problems with their lines; each leads to its place', async () => {
    const { view, content } = await openEditor();
    const list = screen.getByRole('list', { name: 'Problems' });
    const entry = within(list).getByRole('button', { name: /spec\.domain/ });
    expect(entry).toHaveTextContent('Line 6');
    await userEvent.click(entry);
    expect(view.state.doc.lineAt(view.state.selection.main.head).number).toBe(
      6,
    );
    expect(content).toHaveFocus();
  });

  it('helps with the field that the cursor is in', async () => {
    const { view } = await openEditor({
      describe: field => (field === 'spec.domain' ? 'Ends each host.' : ''),
    });
    act(() => view.dispatch({ selection: { anchor: TEXT.indexOf('Shop') } }));
    expect(await screen.findByText('Ends each host.')).toBeInTheDocument();
    expect(screen.getByText('spec.domain')).toBeInTheDocument();
  });

  it('completes from the schema and from names that are known', async () => {
    const text = `${TEXT}  members:\n    - clusters: { names: [] }\n      `;
    const { view } = await openEditor({
      text,
      suggest: field =>
        field === 'spec.members.clusters.names' ? ['eu-1'] : [],
    });
    const labelsAt = async (offset: number) => {
      act(() => {
        view.focus();
        view.dispatch({ selection: { anchor: offset } });
        startCompletion(view);
      });
      await waitFor(() =>
        expect(currentCompletions(view.state)).not.toHaveLength(0),
      );
      return currentCompletions(view.state).map(one => one.label);
    };
    expect(await labelsAt(text.length)).toEqual(['namespaces', 'services']);
    expect(await labelsAt(text.indexOf('[]') + 1)).toEqual(['eu-1']);
  });

  it('Tab indents; after Escape it leaves, as the hint says', async () => {
    const { content } = await openEditor({ text: 'a: 1' });
    expect(content).toHaveAccessibleDescription(/Escape, then Tab leaves/);
    // jsdom moves no focus; a key that nobody prevents does its own work.
    const press = (key: string, keyCode: number) =>
      fireEvent.keyDown(content, { key, keyCode });
    act(() => content.focus());
    expect(press('Tab', 9)).toBe(false);
    expect(screen.getByTestId('text').textContent).toBe('  a: 1');
    press('Escape', 27);
    expect(press('Tab', 9)).toBe(true);
    expect(screen.getByTestId('text').textContent).toBe('  a: 1');
  });

  it('can be read only', async () => {
    const { content } = await openEditor({ onChange: undefined });
    act(() => content.focus());
    await userEvent.keyboard('x');
    expect(screen.getByTestId('text').textContent).toBe(TEXT);
    expect(screen.getByText('Read only')).toBeInTheDocument();
  });

  it('leaves undo to the owner of the text, where there is one', async () => {
    const onUndo = jest.fn();
    const { content } = await openEditor({ onUndo });
    act(() => content.focus());
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(onUndo).toHaveBeenCalledTimes(1);
  });
});
