/** `latchpoint check`: whether this machine can be a kiosk, part by part, before anybody stands in front of it. */
import { classOf } from '#shared/errors/thrown.ts';
import { inTime } from '#shared/flow/in-time.ts';
import { checkClock, checkStream } from './check-backend.ts';
import { checkData } from './check-data.ts';
import { checkRadio } from './check-radio.ts';
import { checkUpdates } from './check-updates.ts';
import type { CheckPorts, CheckResult } from './ports.ts';

const withinMs = 20_000;
const secretBytes = 32;

const checkName = async ({
  backendUrl,
  addressesOf,
  proxyFor,
  clock,
}: CheckPorts): Promise<readonly CheckResult[]> => {
  const { hostname } = new URL(backendUrl);
  const proxy = await proxyFor(backendUrl);
  const isDirect = proxy.startsWith('DIRECT');
  const found: CheckResult = isDirect
    ? { part: 'proxy', ok: true, seen: 'none' }
    : { part: 'proxy', ok: true, seen: `${proxy}, which has to let through what stands below` };
  if (!isDirect) return [found, { part: 'name', ok: null, seen: `${hostname} is looked up by the proxy` }];
  const counted = addressesOf(hostname.replace(/^\[|\]$/g, '')).catch(() => 0);
  const count = await inTime({ timer: clock, ms: withinMs }, counted, () => 0);
  const seen =
    count > 0
      ? `${hostname}, ${count === 1 ? 'one address' : `${count} addresses`}`
      : `nobody knows ${hostname}`;
  return [found, { part: 'name', ok: count > 0, seen }];
};

/** Whether a secret comes back as it went: a store that is there and does not open is worse than none. */
const checkSecretStore = async ({ secretStore, random }: CheckPorts): Promise<CheckResult> => {
  const part = 'secret store';
  try {
    const store = await secretStore();
    if (!store)
      return {
        part,
        ok: false,
        seen: 'none: this machine keeps no keys (set passphraseFile, or start a secret service)',
      };
    const secret = random.bytes(secretBytes);
    const back = await store.unwrap(await store.wrap(secret));
    const isSame = Buffer.from(back).equals(secret);
    return { part, ok: isSame, seen: isSame ? store.kind : `${store.kind} gives back another secret` };
  } catch (error) {
    return { part, ok: false, seen: `it can't be used (${classOf(error)})` };
  }
};

/** Looks at every part, in the order in which one needs the other, and tells each as it is known. */
export const checkMachine = async (
  ports: CheckPorts,
  tell: (result: CheckResult) => void,
): Promise<boolean> => {
  const results: CheckResult[] = [];
  const add = (...some: readonly CheckResult[]): void => {
    for (const result of some) tell(result);
    results.push(...some);
  };
  add(...(await checkName(ports)));
  const answered = await checkClock(ports);
  add(...answered);
  if (answered.every(({ ok }) => ok === true)) add(await checkStream(ports));
  add(...(await checkUpdates(ports)));
  add(await checkSecretStore(ports));
  add(await checkData(ports));
  add(...(await checkRadio(ports)));
  return results.every(({ ok }) => ok !== false);
};
