/** The knobs of the air. All may be turned while it runs. */
export interface AirSettings {
  /** Milliseconds between two meetings of a connected pair. The air decides, as a busy controller does. */
  readonly connectionIntervalMs: number;
  /** Data packets that each side may send at one meeting. */
  readonly packetsPerEvent: number;
  /** Chance, 0 to 1, that one packet is not heard. In a connection it is sent again; an advertisement is gone. */
  readonly loss: number;
  /** Chance that a scan response is not heard, besides `loss`: it is asked for in a busier moment. */
  readonly scanResponseLoss: number;
  /** Milliseconds between a data packet's arrival and its host hearing of it. */
  readonly latencyMs: number;
  /** Milliseconds between two advertisements of one peer; null: what its host asked for. */
  readonly advertisingIntervalMs: number | null;
  /** Bytes of one data packet, and how many a controller holds for its host. */
  readonly aclLength: number;
  readonly aclBuffers: number;
  /** Metres beyond which nothing is heard. */
  readonly rangeMetres: number;
  /** Standard deviation of the signal strength, in dB. */
  readonly noiseDb: number;
}

export const defaultSettings: AirSettings = {
  connectionIntervalMs: 30,
  packetsPerEvent: 4,
  loss: 0,
  scanResponseLoss: 0,
  latencyMs: 0,
  advertisingIntervalMs: null,
  aclLength: 251,
  aclBuffers: 8,
  rangeMetres: 30,
  noiseDb: 2.5,
};
