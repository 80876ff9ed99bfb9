/**
 * How the kiosk's process ends: a contract with whatever started it. Windows Shell Launcher and systemd act on these numbers
 * (docs/it-guide.md), so a number never changes its meaning.
 */
export const exitCodes = {
  /** It was asked to stop. */
  stopped: 0,
  /** Something broke that nobody foresaw; starting it again is right. */
  crashed: 1,
  /** The page could not be kept alive although it was started anew several times: start the kiosk again. */
  pageLost: 10,
  /** Starting the kiosk again did not help either: restart the computer. */
  restartComputer: 11,
  /** A manager left the kiosk: show the desktop, don't start it again. */
  left: 12,
  /** The configuration or the command is wrong, or a port is taken: starting it again is of no use before IT has acted (EX_CONFIG). */
  configuration: 78,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
