import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import { keyRotationAudience } from '#shared/http/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import { signAssertion, signStatement } from './assertions.ts';
import { eraseFile, renameDurably, writeDurably } from './durable-file.ts';
import { encodeIdentity } from './identity-file.ts';
import { encodeKeyRing, ringOf, type KeyRing } from './key-ring.ts';
import { generateKioskKeys, publicJwk, thumbprint } from './kiosk-keys.ts';
import type { KioskIdentity, SecretStore, Vault } from './port.ts';
import { isSealedTo, macSealed, openSealed, openSealedPin } from './sealed-keys.ts';
import type { VaultFiles } from './vault-files.ts';

export interface VaultOptions {
  /** As they were found at the start. */
  readonly files: VaultFiles;
  /** null: this machine has nowhere to keep a secret, so the vault holds none (`no_secret_store`). */
  readonly secretStore: SecretStore | null;
  /** Issue times of client assertions; best the backend's time as far as it is known. */
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export const createVault = ({ files, secretStore, clock, random, logger }: VaultOptions): Vault => {
  const { keysPath, identityPath, erasurePath, isLeftErasing } = files;
  let { state, ring, identity } = files;

  /** One change at a time, so that none brings back what another has just erased. */
  const { add: inTurn } = createQueue();

  const keep = async (store: SecretStore, made: KeyRing): Promise<void> => {
    const plain = encodeKeyRing(made);
    try {
      await writeDurably(keysPath, await store.wrap(plain));
    } finally {
      plain.fill(0);
    }
    ring = made;
  };

  const writeIdentity = async (next: KioskIdentity, { current }: KeyRing): Promise<void> => {
    await writeDurably(identityPath, encodeIdentity(next, current));
    identity = next;
  };

  return {
    get state() {
      return state;
    },
    get identity() {
      return identity;
    },

    get rotation() {
      if (ring?.next) return 'prepared';
      return ring?.previous ? 'adopted' : 'none';
    },

    prepareKeys: () =>
      inTurn(async () => {
        if (!secretStore) return fail('vault.no_secret_store');
        if (state !== 'ready') return fail('vault.cannot_open');
        if (!ring) await keep(secretStore, ringOf(await generateKioskKeys()));
        if (!ring) return fail('vault.cannot_open');
        const { signing, sealing } = ring.current;
        return ok({ signingKey: publicJwk(signing), sealingKey: publicJwk(sealing) });
      }),

    saveIdentity: (next) =>
      inTurn(async () => {
        if (!ring) throw new Error('an identity is saved only after prepareKeys');
        await writeIdentity(next, ring);
      }),

    clientAssertion: async (audience) => {
      if (!ring || !identity) throw new Error('only a registered kiosk can prove itself');
      const { kioskId } = identity;
      const assertion = { kioskId, audience, jti: random.uuid(), now: clock.now() };
      return signAssertion(ring.current.signing, assertion);
    },

    get signingKey() {
      return ring ? publicJwk(ring.current.signing) : null;
    },

    get fingerprint() {
      return ring ? thumbprint(publicJwk(ring.current.signing)) : null;
    },

    signStatement: async (type, content) => {
      if (!ring) throw new Error('there is nothing to sign with');
      return signStatement(ring.current.signing, type, content);
    },

    open: (sealed) => openSealed(ring, sealed),
    mac: (sealedKey, text) => macSealed(ring, sealedKey, text),

    openPin: (staffId, sealed) => openSealedPin(ring, staffId, sealed),

    isSealedToCurrent: async (sealed) => ring !== null && isSealedTo(ring.current, sealed),

    prepareRotation: () =>
      inTurn(async () => {
        if (!secretStore || !ring || !identity || ring.previous) return fail('vault.cannot_open');
        const next = ring.next ?? (await generateKioskKeys());
        if (ring.next === null) await keep(secretStore, { ...ring, next });
        const claims = { signingKey: publicJwk(next.signing), sealingKey: publicJwk(next.sealing) };
        const { kioskId } = identity;
        const of = { kioskId, audience: keyRotationAudience, jti: random.uuid(), now: clock.now() };
        return ok({
          request: await signAssertion(ring.current.signing, { ...of, claims }),
          proof: await signAssertion(next.signing, of),
        });
      }),

    adoptRotation: () =>
      inTurn(async () => {
        // Erased meanwhile: there is nothing to adopt any more.
        if (!secretStore || !ring?.next) return;
        const adopted = { current: ring.next, next: null, previous: ring.current };
        await keep(secretStore, adopted);
        if (identity) await writeIdentity(identity, adopted);
      }),

    settleRotation: () =>
      inTurn(async () => {
        if (!secretStore || !ring?.previous) return;
        // Once more: the machine may have stopped between the keys and the identity, whose MAC is then the previous pair's.
        if (identity) await writeIdentity(identity, ring);
        await keep(secretStore, { ...ring, previous: null });
      }),

    erase: () =>
      inTurn(async () => {
        ring = null;
        identity = null;
        // Noted before anything goes, and where there is no room for a note.
        await renameDurably(identityPath, erasurePath).catch(() => undefined);
        // The keys first: should the machine stop in between, what is left opens nothing.
        await eraseFile(keysPath);
        await eraseFile(identityPath);
        if (secretStore) state = 'ready';
        logger.info('vault erased');
      }),

    isLeftErasing,

    forgetErasure: () => inTurn(() => eraseFile(erasurePath)),
  };
};
