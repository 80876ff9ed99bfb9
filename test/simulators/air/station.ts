/** One radio in the air, as the air sees it: what it listens to, and what it is told. The controller implements it. */
export interface Station {
  readonly address: string;
  /** Metres from the counter. */
  distance: number;
  /** True while it neither sends nor hears: its power is gone, or its dongle is unplugged. */
  silent: boolean;
  readonly scanning: { readonly active: boolean } | null;
  /** The address that it waits for in order to connect. */
  readonly initiating: { readonly address: string; readonly supervisionMs: number } | null;
  readonly advertising: Advertising | null;
  /** One advertisement was heard. */
  heard(advert: HeardAdvert): void;
  /** A connection stands; the returned end receives what the link brings. */
  linked(link: StationLink): LinkEnd;
}

export interface Advertising {
  readonly intervalMs: number;
  readonly data: Uint8Array;
  readonly scanResponse: Uint8Array;
}

export interface HeardAdvert {
  readonly kind: 'advertising' | 'scan_response';
  readonly address: string;
  readonly data: Uint8Array;
  readonly rssi: number;
}

export interface LinkPacket {
  readonly boundary: number;
  readonly data: Buffer;
}

/** What a station may do with its end of a link. */
export interface StationLink {
  readonly central: boolean;
  readonly peer: string;
  /** Milliseconds. */
  readonly interval: number;
  readonly supervisionMs: number;
  rssi(): number;
  send(packet: LinkPacket): void;
  /** Asks for the end of the link; `ended` follows on both sides. */
  close(): void;
  /** The station is gone at once, without a word; the other side finds out when its supervision ends. */
  abandon(): void;
}

/** What a link tells a station. */
export interface LinkEnd {
  received(packet: LinkPacket): void;
  /** The other side has acknowledged so many packets: their buffers are free again. */
  completed(count: number): void;
  /** `reason` is an HCI error code. */
  ended(reason: number): void;
}
