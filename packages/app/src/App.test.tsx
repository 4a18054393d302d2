import { render, screen } from '@testing-library/react';
import App from './App';

describe('App', () => {
  it('starts and asks who signs in', async () => {
    process.env = {
      NODE_ENV: 'test',
      APP_CONFIG: [
        {
          context: 'test',
          data: {
            app: { title: 'Test' },
            backend: { baseUrl: 'http://localhost:7007' },
            auth: { environment: 'development' },
            demo: { personas: true },
          },
        },
      ],
    } as never;
    render(App.createRoot());
    expect(
      await screen.findByRole('button', { name: 'Enter as Ada' }),
    ).toBeInTheDocument();
  });
});
