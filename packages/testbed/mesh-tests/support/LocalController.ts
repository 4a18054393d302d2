import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  CA_PORT,
  CONTROLLER_NAME,
  CONTROLLER_NAMESPACE,
  renderControllerManifests,
} from '@isthmus/plugin-gns-common';
import {
  eventually,
  type Cluster,
  type KubeObject,
  type Testbed,
} from '../../src';
import type { Hub } from './Hub';

const REPOSITORY = resolve(__dirname, '../../../..');

/** A real controller as a process, with the credentials of its own service account and nothing more. */
export class LocalController {
  static async start(
    testbed: Testbed,
    cluster: Cluster,
    options: {
      hubUrl: string;
      token: string;
      issuing?: boolean;
      args?: string[];
    },
