/**
 * A connection between two stations: they meet every interval, each sends up to so many packets, a lost packet is sent
 * again at the next meeting, and after `supervisionMs` without a word the link is dead. Meetings are simulated only while
 * there is something to say or something is wrong.
 */
import type { Clock } from '#kiosk/platform/clock.ts';
import { status } from './hci/codes.ts';
import type { AirSettings } from './settings.ts';
import type { LinkEnd, LinkPacket, Station, StationLink } from './station.ts';

export interface AirLink {
  readonly stations: readonly [Station, Station];
  /** Something about either station has changed: it may have gone out of earshot, or come back. */
  changed(): void;
}

export interface LinkPorts {
  readonly clock: Clock;
  readonly settings: () => AirSettings;
  /** Whether one packet gets through. */
  readonly heard: () => boolean;
  readonly audible: (one: Station, other: Station) => boolean;
  readonly rssi: (one: Station, other: Station) => number;
  readonly onEnded: (link: AirLink) => void;
}

interface Side {
  readonly station: Station;
  readonly outbox: LinkPacket[];
  end: LinkEnd | null;
  closing: boolean;
}

export const createLink = (
  ports: LinkPorts,
  central: Station,
  peripheral: Station,
  supervisionMs: number,
): AirLink => {
  const { clock } = ports;
  const interval = ports.settings().connectionIntervalMs;
  const sides: [Side, Side] = [
    { station: central, outbox: [], end: null, closing: false },
    { station: peripheral, outbox: [], end: null, closing: false },
  ];
  // The first meeting follows the connection request by 1.25 ms at least.
  const anchor = clock.monotonic() + 1.25;
  let lastMet = clock.monotonic();
  let cancelMeeting: (() => void) | null = null;
  /** Meetings are counted from the anchor. A timer may be early by a part of a millisecond: that is no meeting more. */
  let nextMeeting = 0;
  let over = false;
  let abandoned = false;

  const audible = (): boolean => !abandoned && ports.audible(central, peripheral);

  const end = (side: Side, reason: number): void => {
    const receiver = side.end;
    side.end = null;
    receiver?.ended(reason);
  };

  const finish = (reasonFor: (side: Side) => number): void => {
    over = true;
    cancelMeeting?.();
    cancelMeeting = null;
    ports.onEnded(link);
    for (const side of sides) end(side, reasonFor(side));
  };

  const deliver = (to: Side, packet: LinkPacket): void => {
    const { latencyMs } = ports.settings();
    if (latencyMs === 0) to.end?.received(packet);
    else clock.after(latencyMs, () => to.end?.received(packet));
  };

  const transfer = (from: Side, to: Side): void => {
    const ready = from.outbox.slice(0, ports.settings().packetsPerEvent);
    let sent = 0;
    while (sent < ready.length && ports.heard()) sent += 1;
    if (sent === 0) return;
    from.outbox.splice(0, sent);
    for (const packet of ready.slice(0, sent)) deliver(to, packet);
    from.end?.completed(sent);
  };

  const meet = (): void => {
    cancelMeeting = null;
    nextMeeting += 1;
    if (audible() && ports.heard()) {
      lastMet = clock.monotonic();
      const [one, other] = sides;
      // Hosts hear of packets only after the meeting: an answer leaves at the next one at the earliest.
      transfer(one, other);
      transfer(other, one);
      const closing = sides.find((side) => side.closing);
      if (closing) {
        finish((side) => (side.closing ? status.localEnded : status.remoteEnded));
        return;
      }
    } else if (clock.monotonic() - lastMet >= supervisionMs) {
      finish((side) => (side.closing ? status.localEnded : status.connectionTimeout));
      return;
    }
    schedule();
  };

  const needed = (): boolean => sides.some((side) => side.outbox.length > 0 || side.closing) || !audible();

  const schedule = (): void => {
    if (over || cancelMeeting !== null || !needed()) return;
    const now = clock.monotonic();
    nextMeeting = Math.max(nextMeeting, Math.floor((now - anchor) / interval) + 1);
    cancelMeeting = clock.after(Math.max(0, anchor + nextMeeting * interval - now), meet);
  };

  const idleSince = (): void => {
    // While nobody had anything to say the two met all the same.
    if (cancelMeeting === null) lastMet = clock.monotonic();
  };

  const handleFor = (side: Side, other: Side): StationLink => ({
    central: side.station === central,
    peer: other.station.address,
    interval,
    supervisionMs,
    rssi: () => ports.rssi(side.station, other.station),
    send: (packet) => {
      if (over) return;
      idleSince();
      side.outbox.push(packet);
      schedule();
    },
    close: () => {
      if (over) return;
      idleSince();
      side.closing = true;
      schedule();
    },
    abandon: () => {
      if (over) return;
      idleSince();
      side.end = null;
      abandoned = true;
      schedule();
    },
  });

  const link: AirLink = {
    stations: [central, peripheral],
    changed: () => {
      if (over) return;
      idleSince();
      schedule();
    },
  };
  const [one, other] = sides;
  other.end = peripheral.linked(handleFor(other, one));
  one.end = central.linked(handleFor(one, other));
  return link;
};
