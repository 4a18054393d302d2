import { createBackend } from '@backstage/backend-defaults';

/** A hub without the rest of a portal: what `Hub` starts in the control-plane namespace. */
const backend = createBackend();
backend.add(import('@isthmus/plugin-gns-backend'));
backend.start();
