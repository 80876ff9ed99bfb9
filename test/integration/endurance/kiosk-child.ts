/** The parent's side of a kiosk in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import { z } from 'zod';
import { appErrorSchema, type Result } from '#shared/errors/app-error.ts';
import { calls, type CallInput, type CallName, type CallOutput } from '#shared/ipc/contract.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import {
  fromKioskSchema,
  kioskLookSchema,
  type HeardLock,
  type KioskLook,
  type LockAnswer,
  type LockQuestion,
  type NetworkWeather,
  type OpenKiosk,
  type ToKiosk,
} from './kiosk-messages.ts';

export interface KioskChild {
  /** These reject with `KioskGone` when the process ends first. */
  open(kiosk: OpenKiosk): Promise<void>;
  close(): Promise<void>;
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  look(): Promise<KioskLook>;
  pass(ms: number): Promise<void>;
  jump(ms: number): void;
  network(weather: NetworkWeather): void;
  hear(locks: readonly HeardLock[]): void;
  /** How long it has been open by its own clock, in ms, as of its last answer. */
  readonly elapsedMs: number;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Resolves when the process has ended without having been killed, with what it wrote last. */
  readonly crashed: Promise<string>;
}

export class KioskGone extends Error {
  constructor() {
    super('the kiosk has gone');
    this.name = 'KioskGone';
  }
}

export interface KioskChildOptions {
  readonly onLock: (question: LockQuestion) => Promise<LockAnswer>;
  readonly onShown?: (enrolments: Readonly<Record<string, EnrolmentState>>) => void;
}

const entry = fileURLToPath(new URL('kiosk-process.ts', import.meta.url));
const resultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: appErrorSchema }),
]);

export const startKioskChild = ({ onLock, onShown }: KioskChildOptions): KioskChild => {
  const child = fork(entry, [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Compiled once: a kiosk that is killed a thousand times starts a thousand times.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'latchpoint-compile-cache') },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let nextId = 0;
  let killed = false;
  let elapsedMs = 0;
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-2_000);
  });
  const exited = once(child, 'close');
  const crashed = new Promise<string>((resolve) => {
    void exited.then(() => {
      for (const { reject } of waiting.values()) reject(new KioskGone());
      waiting.clear();
      if (!killed) resolve(tail);
    });
  });

  const tell = (message: ToKiosk): void => {
    // A process that is ending takes no messages; whoever waits for an answer hears of its end.
    if (child.connected) child.send(message, () => undefined);
  };
  const request = (message: (id: number) => ToKiosk): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(new KioskGone());
        return;
      }
      nextId += 1;
      waiting.set(nextId, { resolve, reject });
      tell(message(nextId));
    });

  child.on('message', (received) => {
    const message = fromKioskSchema.parse(received);
    if (message.type === 'answer') {
      elapsedMs = message.elapsedMs;
      waiting.get(message.id)?.resolve(message.value);
      waiting.delete(message.id);
    } else if (message.type === 'lock') {
      void onLock(message.question).then((answer) => tell({ type: 'lock-answer', id: message.id, answer }));
    } else if (message.type === 'shown') {
      onShown?.(message.enrolments);
    }
  });

  return {
    open: async (kiosk) => {
      await request((id) => ({ type: 'open', id, kiosk }));
    },
    close: async () => {
      await request((id) => ({ type: 'close', id }));
    },
    call: async <N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> => {
      const answer = resultSchema.parse(await request((id) => ({ type: 'call', id, name, input })));
      if (!answer.ok) return answer;
      return { ok: true, value: calls[name].output.parse(answer.value) as CallOutput<N> };
    },
    look: async () => kioskLookSchema.parse(await request((id) => ({ type: 'look', id }))),
    pass: async (ms) => {
      await request((id) => ({ type: 'pass', id, ms }));
    },
    jump: (ms) => tell({ type: 'jump', ms }),
    network: (weather) => tell({ type: 'network', weather }),
    hear: (locks) => tell({ type: 'hear', locks: [...locks] }),
    get elapsedMs() {
      return elapsedMs;
    },
    kill: async () => {
      killed = true;
      child.kill('SIGKILL');
      await exited;
    },
    crashed,
  };
};
