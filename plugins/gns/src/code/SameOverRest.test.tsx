import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { SameOverRest } from './SameOverRest';

describe('SameOverRest', () => {
  it('shows the call with the address of this portal, and the document', async () => {
    renderInTestApp(
      <SameOverRest
        calls={[
          { title: 'Pause it', method: 'POST', path: '/clusters/eu-1/pause' },
        ]}
        yaml="kind: GlobalNamespace"
      />,
    );
    await userEvent.click(
      await screen.findByRole('button', { name: /The same over REST/ }),
    );
    expect(
      await screen.findByText(
        /curl -X POST http.*\/api\/gns\/v1\/clusters\/eu-1\/pause/,
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('kind: GlobalNamespace')).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Copy Command: Pause it' }),
    ).toBeInTheDocument();
  });
});
