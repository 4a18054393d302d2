import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { DiffView } from './DiffView';

const before = `a: 1\n${'same\n'.repeat(20)}b: 2\n`;
const after = `a: 1\n${'same\n'.repeat(20)}b: 3\nc: 4\n`;

describe('DiffView', () => {
  it('says what was added and removed in words, and folds the rest', async () => {
    renderInTestApp(<DiffView label="Change" before={before} after={after} />);
    const table = await screen.findByRole('table', { name: 'Change' });
    expect(screen.getByText('2 lines added, 1 removed')).toBeInTheDocument();
    expect(
      within(table).getByRole('row', { name: /removed: b: ?2/ }),
    ).toBeInTheDocument();
    expect(
      within(table).getByRole('row', { name: /added: c: 4/ }),
    ).toBeInTheDocument();
    expect(within(table).getAllByText('same')).toHaveLength(3);
    await userEvent.click(
      screen.getByRole('button', { name: '18 unchanged lines' }),
    );
    expect(within(table).getAllByText('same')).toHaveLength(20);
  });

  it('shows both texts beside each other', async () => {
    renderInTestApp(
      <DiffView
        label="Change"
        before={before}
        after={after}
        beforeLabel="Theirs"
        afterLabel="Mine"
      />,
    );
    await userEvent.click(
      await screen.findByRole('radio', { name: 'Side by side' }),
    );
    expect(
      screen.getByRole('columnheader', { name: 'Theirs' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('row', { name: /22 removed: b: ?2 22 added: b: ?3/ }),
    ).toBeInTheDocument();
  });

  it('says so when nothing differs', async () => {
    renderInTestApp(<DiffView label="Change" before="a" after="a" />);
    expect(await screen.findByText('No difference')).toBeInTheDocument();
  });
});
