import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import request from 'supertest';
import { gnsPlugin } from './plugin';

describe('a hub that cannot start', () => {
  it('answers 503 and lets the rest of the backend run', async () => {
    const backend = await startTestBackend({
      features: [
        gnsPlugin,
        mockServices.rootConfig.factory({
          data: {
            backend: { baseUrl: 'http://portal.test:7007' },
            gns: { addressRange: '240.240.0.0/16' },
          },
        }),
      ],
    });
    try {
      const answer = await request(backend.server).get('/api/gns/v1/hub');
      expect(answer.status).toBe(503);
      expect(answer.body.error.message).toContain('log of the plugin gns');
    } finally {
      await backend.stop();
    }
  });
});
