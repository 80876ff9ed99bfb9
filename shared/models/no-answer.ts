/** Why the backend did not answer, as far as the one who asked can tell. */
export const noAnswers = [
  /** The name of the backend is not known to the network. */
  'name',
  /** There is no way to it: a pulled cable, no Wi-Fi, no route. */
  'network',
  /** The machine is there and nobody listens. */
  'refused',
  'timeout',
  'broken_off',
  /** Its certificate is not valid at the time that this computer believes it is. */
  'certificate_time',
  /** Its certificate is of an authority that this computer does not trust: often that of an inspecting proxy. */
  'certificate_authority',
  /** Its certificate is somebody else's. */
  'certificate_name',
  /** A proxy wants to know who asks, or does not let through. */
  'proxy',
  /** Somebody else answers in its place: the page of a portal, a redirect. */
  'portal',
  /** It says that it can't answer now. */
  'unavailable',
] as const;
export type NoAnswer = (typeof noAnswers)[number];
