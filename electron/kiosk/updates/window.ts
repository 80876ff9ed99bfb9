/** The maintenance window: a stretch of the store's night, by the clock on its wall. */

/** `HH:MM`, from the one up to the other; over midnight where `to` is not later than `from`. */
export interface MaintenanceWindow {
  readonly from: string;
  readonly to: string;
}

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

const minutesOf = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
};

/**
 * Whether the wall's clock shows a time of the window. Where clocks are put forward over its beginning it begins later, and where they are put
 * back into it, it lasts longer. `offset`: wall time less time, in ms.
 */
export const isInWindow = (at: number, offset: number, { from, to }: MaintenanceWindow): boolean => {
  const shown = Math.floor((at + offset) / minuteMs) % dayMinutes;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  return begin < end ? begin <= shown && shown < end : begin <= shown || shown < end;
};
