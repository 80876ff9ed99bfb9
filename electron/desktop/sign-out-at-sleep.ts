/** What is used of Electron's `powerMonitor`. */
export interface SleepMonitor {
  on(event: 'suspend' | 'resume', listener: () => void): unknown;
}

/**
 * Nobody stays signed in over a sleep of the computer: timers stand still meanwhile, so the idle sign-out would go on only
 * after it, with whoever wakes it. At waking too, because not every sleep is told of beforehand.
 */
export const signOutAtSleep = (powerMonitor: SleepMonitor, signOut: () => Promise<unknown>): void => {
  const leave = (): void => void signOut();
  powerMonitor.on('suspend', leave);
  powerMonitor.on('resume', leave);
};
