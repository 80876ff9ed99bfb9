/** A network in the hands of a test: it loses requests, loses answers, lets answers overtake each other, and can be cut. */
import { CompactSign, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import type { Fetch } from '#kiosk/platform/http.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { publicJwkSchema } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import { revocationRequestSchema, revocationType, type SignedRevocation } from '#shared/http/revocation.ts';
import type { Chances } from './chances.ts';
import { fairWeather, type NetworkWeather } from './kiosk-messages.ts';

export interface Weather {
  readonly fetch: Fetch;
  set(weather: NetworkWeather): void;
  /** Requests without an answer yet. */
  readonly underWay: number;
}

/** Which share of the answers takes longer than others, in the best of weathers too. */
const lateShare = 0.2;
/** So many turns of the event loop without another request, and an answer that is late waits no longer. */
const quietTurns = 200;

/** `streams`: whether the stream of changes gets through; without it a run does not hang on when an event comes. */
export const createWeather = (
  fetchOutside: Fetch,
  chances: Chances,
  { streams }: { readonly streams: boolean },
): Weather => {
  let weather: NetworkWeather = fairWeather;
  let underWay = 0;
  let late = 0;
  let answers = 0;

  /** Resolves after some of the other answers have come, or once there are no more to come. */
  const overtaken = async (random: Random): Promise<void> => {
    const until = answers + 1 + Math.floor(random.float() * 8);
    late += 1;
    for (let quiet = 0; answers < until && quiet < quietTurns;) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = underWay > late ? 0 : quiet + 1;
    }
    late -= 1;
  };

  const pass: Fetch = async (url, init) => {
    if (weather.cut) throw new TypeError('fetch failed');
    if (weather.forges) return forgery(url, init?.body ?? '');
    if (url.endsWith(routes.stream.path)) {
      return streams ? fetchOutside(url, init) : new Response(null, { status: 503 });
    }
    const random = chances(`${init?.method ?? 'GET'} ${new URL(url).pathname}`);
    if (random.float() >= weather.faults) {
      const answer = await whole(await fetchOutside(url, init));
      if (random.float() < lateShare) await overtaken(random);
      return answer;
    }
    switch (Math.floor(random.float() * 3)) {
      case 0:
        throw new TypeError('fetch failed');
      case 1:
        return Response.json({ error: { code: 'sync.unreachable', params: {} } }, { status: 503 });
      default: {
        // Carried out over there, and never heard of here.
        await (await fetchOutside(url, init)).arrayBuffer();
        throw new TypeError('fetch failed');
      }
    }
  };

  return {
    fetch: async (url, init) => {
      underWay += 1;
      try {
        return await pass(url, init);
      } finally {
        underWay -= 1;
        answers += 1;
      }
    },
    set: (next) => {
      weather = next;
    },
    get underWay() {
      return underWay;
    },
  };
};

/** What anybody on the way can say: the code, a word that somebody else has signed, the word for an earlier question. */
const forgery = async (url: string, body: string): Promise<Response> => {
  if (!url.endsWith(routes.revocation.path)) {
    return Response.json({ error: { code: 'sync.revoked', params: {} } }, { status: 403 });
  }
  const { privateKey, publicKey } = await stranger;
  const { client_assertion: assertion, nonce } = revocationRequestSchema.parse(JSON.parse(body));
  const word: SignedRevocation = {
    purpose: 'revocation',
    kioskId: decodeJwt(assertion).iss ?? '',
    nonce,
    revokedAt: 1,
    reason: 'lost_or_stolen',
    sealingKey: publicJwkSchema.parse(await exportJWK(publicKey)),
  };
  const revocation = await new CompactSign(Buffer.from(JSON.stringify(word)))
    .setProtectedHeader({ alg: 'ES256', typ: revocationType })
    .sign(privateKey);
  return Response.json({ revocation });
};
const stranger = generateKeyPair('ES256');

/** The answer once all of it has come, so that "under way" covers the body. */
const whole = async (response: Response): Promise<Response> => {
  const body = await response.arrayBuffer();
  const { status, headers } = response;
  return new Response(body.byteLength > 0 ? body : null, { status, headers });
};
