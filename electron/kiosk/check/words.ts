/** What the check says, in English: it is read in a terminal by whoever sets the machine up. */
import type { ErrorCode } from '#shared/errors/table.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';
import type { RequestProblem } from '../backend/answer.ts';
import type { RadioState } from '../radio/port.ts';

export const noAnswerWords: Readonly<Record<NoAnswer, string>> = {
  name: 'its name is not known to the network',
  network: 'there is no way to it: cable, Wi-Fi, route',
  refused: 'the machine is there and nobody listens at that port',
  timeout: 'no answer in time: a firewall that drops in silence?',
  broken_off: 'the connection was broken off',
  certificate_time: "its certificate is not valid at this computer's time: is its clock right?",
  certificate_authority:
    'its certificate is of an authority that this computer does not trust: TLS inspection?',
  certificate_name: 'its certificate is for another name: is the address right?',
  proxy: 'the proxy does not answer, does not let through, or wants to know who asks',
  portal: 'somebody else answers in its place: a sign-in page, a redirect',
  unavailable: "it says that it can't answer now",
};

/** What is wrong with what the update channel gives. */
export const channelWords: Readonly<Partial<Record<ErrorCode, string>>> = {
  'update.no_answer': 'no answer, or none that is one',
  'update.unreadable': 'what lies there is no manifest: is the address right?',
  'update.unknown_form': 'its manifest is of a form that this version does not know',
  'update.bad_signature': 'its manifest is not signed by the key in /etc/latchpoint/update-key.pem',
};

/** Where nothing more is known than how the request ended. */
export const problemWords: Readonly<Record<RequestProblem['kind'], string>> = {
  silent: 'no answer',
  unreachable: 'it answers with an error: ask who looks after it',
  too_large: 'something between takes less at once',
  later: 'it asks to come back later',
  unauthorised: 'it refuses',
  refused: 'it refuses',
  said_revoked: 'it refuses',
};

export const radioWords: Readonly<Record<RadioState, string>> = {
  ready: 'ready',
  starting: 'it does not come up',
  stuck: 'it does not come up: pull it and plug it in again',
  no_dongle: 'none, or it is not up (docs/radio.md, "For IT")',
  no_permission: 'this account may not use it (CAP_NET_RAW on Linux)',
};

/** What a firewall or a proxy has to let through, for whoever looks after it. */
export const whatToAllow = (backendUrl: string): readonly string[] => {
  const { protocol, hostname, port } = new URL(backendUrl);
  const isTls = protocol === 'https:';
  return [
    `Allow: ${isTls ? 'HTTPS' : 'HTTP'} from this machine to ${hostname}, port ${port === '' ? (isTls ? 443 : 80) : port}, and nothing to it.`,
    'Leave GET /v1/sync/stream open: no buffering, no end in under a minute. Leave this connection out of TLS inspection.',
  ];
};
