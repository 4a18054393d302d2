import { createServingCertificate } from './certificate';
import { describeKubernetesApi } from './contract';
import { startApiServer } from './server';

describeKubernetesApi('the simulator', async () => {
  const certificate = createServingCertificate();
  const server = await startApiServer({
    certificate,
    tokens: {
      'admin-token': { username: 'admin', groups: ['system:masters'] },
      'reader-token': { username: 'reader', groups: [] },
    },
  });
  return {
    url: server.url,
    ca: certificate.cert,
    adminToken: 'admin-token',
    readerToken: 'reader-token',
    close: () => server.stop(),
  };
});
