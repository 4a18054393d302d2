import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Knex } from 'knex';
import {
  issuerSubject,
  type ReportedAuthority,
} from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../../__testUtils__/databases';
import { localSigner } from '../certificates/CaSigner';
import { keyIdOf } from '../certificates/keyIds';
import { buildIssuer, buildRoot, newLocalKey } from '../certificates/roots';
import type { ClusterEvidence } from '../evidence';
import type { Authority, CertifiedRoot } from '../store/authorityRows';
import { overtake } from './overtake';

const NOW = Date.parse('2026-11-26T12:00:00.000Z');
const DAY = 24 * 3_600_000;
const databases = createTestDatabases();

async function newRoot(gns: string) {
  const key = newLocalKey();
  const signer = localSigner(key.privateKey, key.publicKey);
  const built = await buildRoot({ gns, signer, now: NOW, lifeMs: 100 * DAY });
  return { ...built, signer };
}

async function issuerBelow(
  root: Awaited<ReturnType<typeof newRoot>>,
): Promise<string> {
  const { publicKey }: { publicKey: KeyObject } = newLocalKey();
  const keyId = keyIdOf(publicKey);
  const { pem } = await buildIssuer(
    {
      subject: issuerSubject({ gns: 'shop', cluster: 'eu-1', keyId }),
      keyId,
      publicKey: createPublicKey(
        publicKey.export({ type: 'spki', format: 'pem' }),
      ),
      now: NOW,
      lifeMs: 7 * DAY,
    },
    root,
  );
  return pem;
}

describe.each(databases.eachSupportedId())(
  'a hub that was restored from a backup, on %s',
  id => {
    let knex: Knex;
    let root: Awaited<ReturnType<typeof newRoot>>;
    let authority: Authority;

    /** A cluster that says so; `issuer` is the certificate that it holds. */
    const told = (
      bundleEpoch: number,
      step: number,
      issuer: string | undefined,
      name = 'eu-1',
    ): [string, ClusterEvidence] => {
      const report = {
        bundleEpoch,
        bundleRoots: [],
        ...(issuer ? { issuer: { certificate: issuer } } : {}),
        namespaces: [{ name: 'a', phase: 'dual', step, ready: true }],
        workloads: [],
      } as unknown as ReportedAuthority;
      return [name, { id: name, name, fresh: true, paused: false, report }];
    };
    const stored = async () => {
      const row = await knex('gns_authorities').where({ gns: 'shop' }).first();
      return [Number(row.bundle_epoch), Number(row.last_step)];
    };

    beforeEach(async () => {
      knex = await migratedDatabase(databases, id);
      await knex('gns_authorities').insert({
        gns: 'shop',
        created_at: new Date(NOW).toISOString(),
        bundle_epoch: 3,
        last_step: 5,
      });
      root = await newRoot('shop');
      authority = {
        gns: 'shop',
        bundleEpoch: 3,
        lastStep: 5,
        roots: [
          {
            keyId: root.keyId,
            gns: 'shop',
            state: 'active',
            certificate: root.pem,
          } as CertifiedRoot,
        ],
      } as unknown as Authority;
    });
    afterEach(() => knex.destroy());

    it('counts on from what its own clusters have seen, above the furthest of them', async () => {
      const issuer = await issuerBelow(root);
      const now = await overtake(
        knex,
        authority,
        new Map([
          told(8, 6, issuer),
          told(7, 21, issuer, 'us-1'),
          told(2, 1, issuer, 'ap-1'),
        ]),
      );
      // A bundle of that number was given out already, a step is counted up before it is given.
      expect(now).toMatchObject({ bundleEpoch: 9, lastStep: 21 });
      expect(await stored()).toEqual([9, 21]);
    });

    it('changes nothing while nobody is ahead', async () => {
      const issuer = await issuerBelow(root);
      const same = new Map([told(3, 5, issuer), told(1, 2, issuer, 'us-1')]);
      expect(await overtake(knex, authority, same)).toBe(authority);
      expect(await stored()).toEqual([3, 5]);
    });

    it('believes nobody whose issuer no root of this authority signed', async () => {
      const stranger = await newRoot('shop');
      for (const issuer of [
        undefined,
        await issuerBelow(stranger),
        'no certificate',
      ]) {
        const liar = new Map([told(40, 50, issuer)]);
        expect(await overtake(knex, authority, liar)).toBe(authority);
      }
      expect(await stored()).toEqual([3, 5]);
    });

    it('does not let a member push the numbers to their end', async () => {
      const issuer = await issuerBelow(root);
      const far = new Map([
        told(Number.MAX_SAFE_INTEGER, 6, issuer),
        told(4, Number.MAX_SAFE_INTEGER, issuer, 'us-1'),
      ]);
      const now = await overtake(knex, authority, far);
      // What else they say still counts.
      expect(now).toMatchObject({ bundleEpoch: 5, lastStep: 6 });
    });
  },
);
