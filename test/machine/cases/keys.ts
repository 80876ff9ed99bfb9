/** Where the passphrase lies that protects the kiosk's keys. */
import { insist, type Check } from '../../controllers/radio-checks.ts';
import { signInScreen, type Kiosk } from '../kiosk.ts';
import { passphrase } from './first.ts';

const seal = '/opt/Latchpoint/linux/seal-passphrase.sh';
const config = '/etc/latchpoint/kiosk.json';
const handedOver = '/run/credentials/latchpoint.service/passphrase';

export const keys: readonly Check<Kiosk>[] = [
  {
    name: 'a passphrase that is sealed for this computer opens what its file opened, and the file can go',
    run: async (kiosk) => {
      const { machine, mark, says, shows, journal } = kiosk;
      const refused = await machine.order(`${seal} ${passphrase} 2>&1`, { mayFail: true });
      insist(refused.includes('has no TPM'), `without a TPM it said: ${refused}`);
      await machine.order(`${seal} --without-tpm ${passphrase}`);
      await machine.order(`sed -i 's#${passphrase}#${handedOver}#' ${config} && rm ${passphrase}`);
      await mark();
      await machine.order('systemctl restart latchpoint');
      await says(/"event":"kiosk ready"/);
      await shows(signInScreen);
      insist(!/kiosk registered/.test(await journal()), 'it registered anew');
      return 'the kiosk opens its data with what systemd hands over';
    },
  },
];
