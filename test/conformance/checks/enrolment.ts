/** What the driver promises of new locks. */
import { isCaptureProof } from '#kiosk/link/kiosk/capture-proof.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { insist } from '../broken-promise.ts';
import { check, insistError, insistOk } from '../check.ts';
import { identify, provision, readEnrolment, status, unlock } from '../operations.ts';

export const enrolmentChecks = [
  check('enrolment.offer', 'readEnrolment reads a new lock’s own code and certificate', async (context) => {
    const lock = await context.lock('new');
    const offer = insistOk(await readEnrolment(context, lock));
    insist(offer.serialNumber === lock.serialNumber, 'the offer is another lock’s');
    insist(offer.enrolmentCode.length > 0, 'the enrolment code is empty');
    const same = Buffer.compare(offer.deviceCertificate, lock.deviceCertificate) === 0;
    insist(same, 'the device certificate is not the lock’s');
  }),
  check(
    'enrolment.changes_nothing',
    'readEnrolment can be repeated and leaves the lock new',
    async (context) => {
      const lock = await context.lock('new');
      const first = insistOk(await readEnrolment(context, lock));
      const second = insistOk(await readEnrolment(context, lock));
      const same = Buffer.compare(first.enrolmentCode, second.enrolmentCode) === 0;
      insist(same, 'a lock’s enrolment code changed between two readings');
    },
  ),
  check(
    'enrolment.enrolled',
    'readEnrolment of an enrolled lock: lock.already_provisioned',
    async (context) => {
      insistError(
        await readEnrolment(context, await context.lock('provisioned')),
        'lock.already_provisioned',
      );
    },
  ),
  check(
    'enrolment.counterfeit',
    'readEnrolment of a lock of another maker: lock.not_genuine',
    async (context) => {
      insistError(await readEnrolment(context, await context.lock('counterfeit')), 'lock.not_genuine');
    },
  ),
  check(
    'enrolment.proof',
    'an offer’s proof, if it has one, is the lock’s signature over this code and this challenge',
    async (context) => {
      const lock = await context.lock('new');
      const { serialNumber } = lock;
      const { publicKey } = readCertificate(lock.deviceCertificate);
      for (const byte of [1, 2]) {
        const challenge = new Uint8Array(32).fill(byte);
        const { proof, enrolmentCode } = insistOk(await readEnrolment(context, lock, {}, challenge));
        const about = { challenge, serialNumber, enrolmentCode };
        insist(proof === null || isCaptureProof(proof, about, publicKey), 'the proof does not verify');
      }
    },
  ),
  check(
    'enrolment.other_code',
    'readEnrolment of a lock in whose place somebody shows another code: lock.not_genuine',
    async (context) => {
      insistError(await readEnrolment(context, await context.lock('new_other_code')), 'lock.not_genuine');
    },
  ),
  check(
    'enrolment.unproven',
    'readEnrolment of a lock that can’t prove whose its code is says so',
    async (context) => {
      const offer = insistOk(await readEnrolment(context, await context.lock('new_unproven')));
      insist(offer.proof === null, 'the offer has a proof that this lock can’t have given');
    },
  ),
  check('enrolment.absent', 'readEnrolment of a lock out of reach: lock.not_near', async (context) => {
    insistError(await readEnrolment(context, await context.lock('absent')), 'lock.not_near');
  }),
  check('provision.binds', 'provision makes a new lock the customer’s, which then opens', async (context) => {
    const lock = await context.lock('new');
    const observed = await provision(context, lock);
    insist(insistOk(observed).provisioned, 'provision answered ok and "not provisioned"');
    insist(observed.commits.length === 1, `provision committed ${observed.commits.length} times`);
    insist(insistOk(await status(context, lock)).provisioned, 'after provision the lock is still new');
    insistOk(await unlock(context, lock));
  }),
  check(
    'provision.repeats',
    'provision answers ok again for a lock that is bound already',
    async (context) => {
      const lock = await context.lock('new');
      insistOk(await provision(context, lock));
      insistOk(await provision(context, lock));
    },
  ),
  check(
    'provision.unknown',
    'provision without an answer: lock.outcome_unknown; repeating it finds the truth',
    async (context) => {
      const lock = await context.lock('new_loses_answer');
      insistError(await provision(context, lock), 'lock.outcome_unknown');
      insist(
        insistOk(await provision(context, lock)).provisioned,
        'the repeated provision left the lock new',
      );
    },
  ),
  check('provision.foreign', 'provision of another customer’s lock: lock.chain_refused', async (context) => {
    insistError(
      await provision(context, await context.lock('foreign')),
      'lock.chain_refused',
      'lock.already_provisioned',
    );
  }),
  check('identify.new', 'identify needs no credentials for a new lock', async (context) => {
    insistOk(await identify(context, await context.lock('new'), null));
  }),
  check('identify.enrolled', 'identify needs credentials for an enrolled lock', async (context) => {
    const lock = await context.lock('provisioned');
    const without = await identify(context, lock, null);
    insist(!without.result.ok, 'an enrolled lock blinked for someone without credentials');
    insistOk(await identify(context, lock, await lock.credentials()));
  }),
];
