/** Where a person is after a change of screen, for a keyboard and for a screen reader. */
import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** The heading of a screen takes the focus that went with the screen before. What holds the focus by itself keeps it. */
export const screenHeading: Attachment<HTMLElement> = (heading) => {
  heading.tabIndex = -1;
  void tick().then(() => {
    if (document.activeElement === document.body) heading.focus({ preventScroll: true });
  });
};
