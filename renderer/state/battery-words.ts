/** What is said of a battery on the list of the week. */
import type { BatteryItem } from '#shared/batteries/battery-list.ts';
import { percentWords } from '../i18n/number-words.ts';
import { whenWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';

type Row = Pick<BatteryItem, 'serialNumber' | 'name' | 'group'> & { readonly said: string };

/** Of one that is due: how low it is, and by whose word. */
export const dueRow = ({ serialNumber, name, group, percent: of, low, days }: BatteryItem): Row => {
  const percent = of === null ? '' : percentWords(of);
  const said =
    days === null
      ? t(low ? 'battery.low_says' : 'battery.low', { percent })
      : t('battery.soon', { percent, days });
  return { serialNumber, name, group, said };
};

/** Of one that is silent: since when, and what it said then. */
export const silentRow = ({ serialNumber, name, group, percent, heardAt }: BatteryItem, now: number): Row => {
  const when = whenWords(heardAt, now);
  const said =
    percent === null
      ? t('battery.changed_unheard', { when })
      : t('battery.last', { percent: percentWords(percent), when });
  return { serialNumber, name, group, said };
};
