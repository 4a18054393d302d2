import { createCipheriv, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { KeyProtector } from '@isthmus/plugin-gns-node';
import { AuthorityUnavailableError } from '../AuthorityUnavailableError';
import { ConfigKeyProtector } from './ConfigKeyProtector';
import { decryptBytes, encryptBytes, type EnvelopeSubject } from './envelope';
import { KeyVault } from './KeyVault';

const newSecret = () => randomBytes(32).toString('base64');
const subject: EnvelopeSubject = {
  purpose: 'root',
  gns: 'shop',
  keyId: 'ab'.repeat(20),
};
const plaintext = Buffer.from('a private key, in a way');

function vaultOf(secrets: string[], production = true) {
  return KeyVault.create({
    protectors: [ConfigKeyProtector.create(secrets)],
    production,
  });
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (!(error instanceof AuthorityUnavailableError)) throw error;
    return error.reason;
  }
}

describe('an envelope', () => {
  it('opens what it sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async bytes => {
        const vault = vaultOf([newSecret()]);
        const sealed = await vault.seal(bytes, subject);
        expect(await vault.open(sealed, subject)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  it('holds another data key each time', async () => {
    const vault = vaultOf([newSecret()]);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => vault.seal(plaintext, subject)),
    );
    for (const part of ['wrappedKey', 'nonce', 'ciphertext', 'tag'] as const) {
      expect(new Set(all.map(s => s[part])).size).toBe(20);
    }
  });

  it.each<[string, Partial<EnvelopeSubject>]>([
    ['another global namespace', { gns: 'bank' }],
    ['another key', { keyId: 'cd'.repeat(20) }],
    ['another purpose', { purpose: 'hub-signing-key' }],
  ])('copied to the row of %s does not open', async (_what, other) => {
    const vault = vaultOf([newSecret()]);
    const sealed = await vault.seal(plaintext, subject);
    expect(await reasonOf(vault.open(sealed, { ...subject, ...other }))).toBe(
      'KeyWrong',
    );
  });

  it('with any byte changed does not open', async () => {
    const vault = vaultOf([newSecret()]);
    const sealed = await vault.seal(plaintext, subject);
    for (const part of ['wrappedKey', 'nonce', 'ciphertext', 'tag'] as const) {
      const bytes = Buffer.from(sealed[part], 'base64');
      for (let i = 0; i < bytes.length; i += 1) {
        const changed = Buffer.from(bytes);
        // eslint-disable-next-line no-bitwise -- flips a bit
        changed[i] ^= 1;
        expect(
          await reasonOf(
            vault.open(
              { ...sealed, [part]: changed.toString('base64') },
              subject,
            ),
          ),
        ).toBe('KeyWrong');
      }
    }
  });

  it('with a cut tag does not open, though a cipher would take it', () => {
    const key = randomBytes(32);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, {
      authTagLength: 4,
    });
    cipher.setAAD(Buffer.from('context'));
    const ciphertext = Buffer.concat([
      cipher.update(plaintext),
      cipher.final(),
    ]);
    expect(() =>
      decryptBytes(
        { nonce, ciphertext, tag: cipher.getAuthTag() },
        key,
        'context',
      ),
    ).toThrow(/cut/);
    const whole = encryptBytes(plaintext, key, 'context');
    expect(decryptBytes(whole, key, 'context')).toEqual(plaintext);
    expect(() =>
      decryptBytes(
        { ...whole, tag: whole.tag.subarray(0, 12) },
        key,
        'context',
      ),
    ).toThrow(/cut/);
  });
});

describe('keys from config', () => {
  it('seal with the first and open with all', async () => {
    const [older, newer] = [newSecret(), newSecret()];
    const sealed = await vaultOf([older]).seal(plaintext, subject);
    const both = vaultOf([newer, older]);
    expect(await both.open(sealed, subject)).toEqual(plaintext);
    const again = await both.rewrap(sealed, subject);
    expect(both.isOutdated(sealed, await both.status())).toBe(true);
    expect(both.isOutdated(again, await both.status())).toBe(false);
    // The text itself was not touched.
    expect(again.ciphertext).toBe(sealed.ciphertext);
    expect(await vaultOf([newer]).open(again, subject)).toEqual(plaintext);
    expect(await reasonOf(vaultOf([newer]).open(sealed, subject))).toBe(
      'KeyMissing',
    );
  });

  it('that are not there, or known to everybody, seal nothing in production', async () => {
    const development = await vaultOf([], false).seal(plaintext, subject);
    expect(await vaultOf([], false).open(development, subject)).toEqual(
      plaintext,
    );
    expect(await vaultOf([]).status()).toMatchObject({
      usable: false,
      reason: 'DevelopmentKey',
    });
    expect(await reasonOf(vaultOf([]).seal(plaintext, subject))).toBe(
      'DevelopmentKey',
    );
    expect(await reasonOf(vaultOf([]).open(development, subject))).toBe(
      'DevelopmentKey',
    );
  });

  it.each([
    ['no base64', 'correct horse battery staple'],
    ['31 bytes', randomBytes(31).toString('base64')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['zeros', Buffer.alloc(32).toString('base64')],
    ['nothing', ''],
  ])('that are %s are named by place, never by value', async (_what, bad) => {
    const good = newSecret();
    const sealed = await vaultOf([good]).seal(plaintext, subject);
    const vault = vaultOf([bad, good]);
    const status = await vault.status();
    expect(status).toMatchObject({
      usable: false,
      reason: 'KeyMissing',
      message: expect.stringContaining('gns.authority.keys[0].secret'),
    });
    expect(JSON.stringify(status)).not.toContain(bad || newSecret());
    // What the good one sealed still opens.
    expect(await vault.open(sealed, subject)).toEqual(plaintext);
  });
});

/** A protector of another kind: one key, in memory. */
function otherProtector(over: Partial<KeyProtector> = {}): KeyProtector {
  const inner = ConfigKeyProtector.create([newSecret()]);
  return {
    id: 'other',
    status: () => inner.status(),
    wrap: (key, context) => inner.wrap(key, context),
    unwrap: (wrapped, context) => inner.unwrap(wrapped, context),
    ...over,
  };
}

describe('a vault with a protector of a module', () => {
  it('seals with it, and still opens what the config sealed', async () => {
    const config = ConfigKeyProtector.create([newSecret()]);
    const before = KeyVault.create({ protectors: [config], production: true });
    const sealed = await before.seal(plaintext, subject);
    const vault = KeyVault.create({
      protectors: [otherProtector(), config],
      production: true,
    });
    expect(await vault.open(sealed, subject)).toEqual(plaintext);
    const moved = await vault.rewrap(sealed, subject);
    expect(moved.protector).toBe('other');
    expect(await vault.open(moved, subject)).toEqual(plaintext);
    // Without its module the key is missing, and nobody makes up another.
    expect(await reasonOf(before.open(moved, subject))).toBe('KeyMissing');
  });

  it('says so when the protector fails, without what the protector said', async () => {
    const secret = 'it was SECRET-MATERIAL';
    const failing = async () => {
      throw new Error(secret);
    };
    const vault = KeyVault.create({
      protectors: [otherProtector({ wrap: failing, unwrap: failing })],
      production: true,
    });
    const sealed = await KeyVault.create({
      protectors: [otherProtector()],
      production: true,
    }).seal(plaintext, subject);
    for (const work of [
      () => vault.seal(plaintext, subject),
      () => vault.open({ ...sealed, keyId: 'x' }, subject),
      () => vault.open(sealed, subject),
    ]) {
      const error = await work().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(AuthorityUnavailableError);
      expect(inspect(error, { depth: 10 })).not.toContain('SECRET-MATERIAL');
    }
    const down = KeyVault.create({
      protectors: [otherProtector({ status: failing })],
      production: true,
    });
    expect(await down.status()).toMatchObject({
      usable: false,
      reason: 'KeyUnavailable',
    });
    expect(inspect(await down.status())).not.toContain('SECRET-MATERIAL');
  });
});
