/**
 * A virtual Bluetooth controller: HCI packets in from one host, HCI packets out to it, and a station in the air. It knows
 * the twenty commands that noble and bleno use and answers any other with "unknown command", as the standard asks.
 */
import { packetType, reportType, role, status } from './hci/codes.ts';
import * as packets from './hci/packets.ts';
import { createCommandTable, type Answer } from './command-table.ts';
import { createConnections } from './connections.ts';
import { createRoom, type Overruns } from './room.ts';
import type { AirSettings } from './settings.ts';
import type { Advertising, HeardAdvert, Station } from './station.ts';

export interface Controller {
  readonly address: string;
  /** One packet from the host, packet type first. Anything malformed is ignored, as a controller does. */
  receive(packet: Uint8Array): void;
  /** Packets for the host, each in a turn of the event loop of its own, but for advertising reports. */
  onPacket(listener: (packet: Buffer) => void): void;
  /** False while it is unplugged. */
  readonly plugged: boolean;
  onPlugged(listener: (plugged: boolean) => void): void;
  /** Takes it out of the machine, or puts it back as new. Its links die without a word. */
  plug(plugged: boolean): void;
  /** What its host has sent beyond the room that there was. */
  overruns(): Overruns;
  dispose(): void;
}

export interface ControllerPorts {
  readonly settings: () => AirSettings;
  /** The station listens or advertises differently. */
  readonly changed: (station: Station) => void;
  readonly gone: (station: Station) => void;
}

export interface ControllerOptions {
  readonly address: string;
  /** The first connection handle that it gives out: controllers differ, and some start at 0. */
  readonly firstHandle?: number;
  /** Metres from the counter. */
  readonly distance?: number;
  /**
   * Commands that it takes at once, as strict as the standard: whatever is beyond its room is lost. Without, its host is taken
   * to have a kernel that counts for it.
   */
  readonly commandBuffers?: number;
}

const defaultFirstHandle = 0x40;
/** Packets waiting for the host, above which advertising reports are dropped. */
const reportBacklog = 256;

export const createController = (
  ports: ControllerPorts,
  options: ControllerOptions,
): { readonly controller: Controller; readonly station: Station } => {
  const { settings } = ports;
  const outbox: Buffer[] = [];
  const packetListeners: ((packet: Buffer) => void)[] = [];
  const plugListeners: ((plugged: boolean) => void)[] = [];
  let pumping = false;
  let plugged = true;
  let disposed = false;
  let scan: { active: boolean; enabled: boolean; filterDuplicates: boolean } = idleScan();
  let initiating: { address: string; supervisionMs: number } | null = null;
  let advertising: Advertising & { enabled: boolean } = idleAdvertising();
  const reported = new Set<string>();

  const pump = (): void => {
    for (;;) {
      const packet = outbox.shift();
      if (!packet) break;
      grantRoom(packet);
      for (const listener of packetListeners) listener(packet);
      // Reports go together; hosts act on anything else, and want to be done with it first.
      if (!packets.isAdvertisingReport(packet)) break;
    }
    if (outbox.length > 0) setImmediate(pump);
    else pumping = false;
  };

  const toHost = (packet: Buffer): void => {
    if (!plugged || disposed) return;
    outbox.push(packet);
    if (pumping) return;
    pumping = true;
    setImmediate(pump);
  };

  const room = createRoom({
    commands: options.commandBuffers ?? null,
    packets: () => settings().aclBuffers,
    packetLength: () => settings().aclLength,
  });
  /** Answers say how many commands there is room for, once they are said. */
  const grantRoom = (packet: Buffer): void => {
    if (packets.isCommandAnswer(packet)) packet[packets.roomAt(packet)] = room.answer();
  };
  const connections = createConnections(toHost, room, options.firstHandle ?? defaultFirstHandle);

  const forgetAll = (): void => {
    scan = idleScan();
    initiating = null;
    advertising = idleAdvertising();
    reported.clear();
    connections.abandonAll();
    ports.changed(station);
  };

  const station: Station = {
    address: options.address,
    distance: options.distance ?? 0,
    silent: false,
    get scanning() {
      return scan.enabled ? scan : null;
    },
    get initiating() {
      return initiating;
    },
    get advertising() {
      return advertising.enabled ? advertising : null;
    },
    heard: (advert: HeardAdvert) => {
      const type = advert.kind === 'advertising' ? reportType.connectable : reportType.scanResponse;
      const key = `${advert.address} ${type}`;
      if (scan.filterDuplicates && reported.has(key)) return;
      // A host that does not keep up misses reports, as with any controller; everything else waits for it.
      if (outbox.length >= reportBacklog) return;
      reported.add(key);
      toHost(packets.advertisingReport(type, advert.address, advert.data, advert.rssi));
    },
    linked: (link) => {
      if (link.central) initiating = null;
      else advertising = { ...advertising, enabled: false };
      ports.changed(station);
      const { handle, end } = connections.add(link);
      toHost(
        packets.connectionComplete(status.success, {
          handle,
          role: link.central ? role.central : role.peripheral,
          peer: link.peer,
          interval: link.interval,
          supervisionMs: link.supervisionMs,
        }),
      );
      return end;
    },
  };

  const execute = createCommandTable({
    address: options.address,
    settings,
    reset: forgetAll,
    setAdvertising: (change) => {
      const turnedOn = change.enabled === true && !advertising.enabled;
      advertising = { ...advertising, ...change };
      if (turnedOn || change.enabled === false) ports.changed(station);
    },
    setScan: (change) => {
      if (change.enabled === true) reported.clear();
      scan = { ...scan, ...change };
      ports.changed(station);
    },
    scanning: () => scan.enabled,
    initiating: () => initiating !== null,
    initiate: (target) => {
      initiating = target;
      ports.changed(station);
    },
    connections,
  });

  const receive = (raw: Uint8Array): void => {
    if (!plugged || disposed) return;
    const packet = Buffer.from(raw);
    if (packet[0] === packetType.acl) {
      const acl = packets.readAcl(packet);
      if (acl) connections.send(acl.handle, { boundary: packets.towardsHost(acl.boundary), data: acl.data });
      return;
    }
    if (packet[0] !== packetType.command) return;
    const command = packets.readCommand(packet);
    if (!command || !room.takeCommand()) return;
    for (const answer of execute(command)) toHost(encode(command.opcode, answer));
  };

  const plug = (next: boolean): void => {
    if (next === plugged || disposed) return;
    if (!next) forgetAll();
    outbox.length = 0;
    room.forgetCommands();
    plugged = next;
    station.silent = !next;
    ports.changed(station);
    for (const listener of plugListeners) listener(next);
  };

  const controller: Controller = {
    address: options.address,
    receive,
    onPacket: (listener) => void packetListeners.push(listener),
    get plugged() {
      return plugged;
    },
    onPlugged: (listener) => void plugListeners.push(listener),
    plug,
    overruns: () => room.overruns(),
    dispose: () => {
      if (disposed) return;
      forgetAll();
      disposed = true;
      outbox.length = 0;
      ports.gone(station);
    },
  };
  return { controller, station };

  function encode(opcode: number, answer: Answer): Buffer {
    switch (answer.kind) {
      case 'complete':
        return packets.commandComplete(opcode, answer.status, answer.result);
      case 'status':
        return packets.commandStatus(opcode, answer.status);
      case 'not_connected':
        return packets.connectionComplete(status.unknownConnection, {
          handle: 0,
          role: role.central,
          peer: answer.address,
          interval: 0,
          supervisionMs: 0,
        });
      case 'updated':
        return packets.connectionUpdated(answer.facts);
    }
  }
};

const idleScan = (): { active: boolean; enabled: boolean; filterDuplicates: boolean } => ({
  active: true,
  enabled: false,
  filterDuplicates: false,
});

const idleAdvertising = (): Advertising & { enabled: boolean } => ({
  intervalMs: 100,
  data: new Uint8Array(),
  scanResponse: new Uint8Array(),
  enabled: false,
});
