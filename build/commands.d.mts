/** What each npm command takes, by the name of its script. */
export declare const commands: Readonly<
  Record<CommandName, { readonly usage: string; readonly does: string }>
>;
export type CommandName =
  | 'start'
  | 'test'
  | 'check'
  | 'smoke'
  | 'conformance'
  | 'bench'
  | 'fuzz'
  | 'test-crash'
  | 'test-failover'
  | 'test-restore'
  | 'test-rights'
  | 'test-model'
  | 'test-faults'
  | 'test-systemd'
  | 'test-controllers'
  | 'test-adapter'
  | 'test-electron'
  | 'test-machine'
  | 'build'
  | 'package'
  | 'publish-update'
  | 'pack'
  | 'keep-data-fixture'
  | 'format'
  | 'first-lock'
  | 'prove'
  | 'pictures'
  | 'verify-journal'
  | 'audit-desktop'
  | 'errors-doc';
/** Of arguments that a command does not take; also of those that its script finds wrong. */
export declare const usageExitCode: 2;
/** How a problem with the arguments of a command is told. */
export declare const inUsage: (name: CommandName, problem: string) => string;
/** What is to be said instead of running a command; null where it takes these arguments as far as can be seen before it runs. */
export declare const answerTo: (
  script: string,
  given: readonly string[],
) => { readonly text: string; readonly exitCode: number } | null;
