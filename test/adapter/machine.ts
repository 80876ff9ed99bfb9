/** A computer in software. It needs no right, and its clock counts instructions: a busy host makes it slow, never late. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface MachineOptions {
  readonly kernel: string;
  readonly image: string;
  /** File for what the kernel says. */
  readonly console: string;
  readonly onLine: (line: string) => void;
  /** Milliseconds after which it is switched off. */
  readonly withinMs: number;
}

/** Nanoseconds of its time for each instruction, as a power of two: about as fast as a small computer. */
const clockShift = 1;
const megabytes = 1_536;

/** Starts it and waits for its end. Answers whether it ended by itself. */
export const runMachine = (options: MachineOptions): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      'qemu-system-x86_64',
      [
        ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
        ...['-accel', 'tcg,thread=single', '-icount', `shift=${clockShift},sleep=off`, '-rtc', 'clock=vm'],
        ...['-cpu', 'max', '-smp', '1', '-m', String(megabytes)],
        ...['-kernel', options.kernel, '-initrd', options.image],
        ...['-append', 'console=ttyS0 panic=-1'],
        ...['-serial', `file:${options.console}`, '-serial', 'stdio'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let late = false;
    const end = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(() => {
      late = true;
      end();
    }, options.withinMs);
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    createInterface({ input: child.stdout }).on('line', (line) => options.onLine(line.trimEnd()));
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      process.removeListener('SIGINT', end);
      process.removeListener('SIGTERM', end);
      resolve(!late);
    });
  });
