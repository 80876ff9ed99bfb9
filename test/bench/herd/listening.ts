/** Kiosks that only listen: each has proved itself and has its stream open. */
import { z } from 'zod';
import { streamEvent } from '#shared/http/contract.ts';
import { tokenRequest, type FleetKiosk } from './fleet.ts';
import { openConnection, requestText, type RawConnection, type Target } from './raw-http.ts';

const answerOf = z.looseObject({ access_token: z.string() });
/** So many are let in at the same time: the herd is another bench. */
const atOnce = 50;

export const heardOf = (piece: string): boolean => piece.includes(`event: ${streamEvent}`);

const openOne = async (
  kiosk: FleetKiosk,
  target: Target,
  heard: (kiosk: FleetKiosk) => void,
): Promise<RawConnection> => {
  const connection = await openConnection(target);
  const asked = await connection.ask(
    requestText(target, { method: 'POST', path: '/v1/token', body: tokenRequest(kiosk) }),
  );
  if (asked.status !== 200) throw new Error(`token: ${asked.status}`);
  const { access_token: token } = answerOf.parse(JSON.parse(asked.body));
  const stream = requestText(target, { method: 'GET', path: '/v1/sync/stream', token });
  const status = await connection.listen(stream, (piece) => {
    if (heardOf(piece)) heard(kiosk);
  });
  if (status !== 200) throw new Error(`stream: ${status}`);
  return connection;
};

/** Resolves once the stream of each is open. */
export const listenAll = async (
  fleet: readonly FleetKiosk[],
  url: string,
  heard: (kiosk: FleetKiosk) => void,
): Promise<void> => {
  const { hostname, port } = new URL(url);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let kiosk = fleet[next++]; kiosk; kiosk = fleet[next++])
      await openOne(kiosk, { host: hostname, port: Number(port), from: kiosk.from }, heard);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};
