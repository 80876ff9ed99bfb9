/** What anybody may ask: whether the backend is there, and what it can do. */
import type { routes } from '#shared/http/routes.ts';
import type { Readiness } from '../store/readiness.ts';
import { sent, type RouteRequest, type Handlers } from './mount.ts';

type OpenRoutes = Pick<typeof routes, 'live' | 'ready' | 'health' | 'description'>;

/** `description`: the whole API's, as JSON. Written once: it never changes, and takes longer to write than most answers. */
export const openHandlers = (readiness: Readiness, description: Buffer): Handlers<OpenRoutes> => {
  const ready = async ({ reply }: RouteRequest<OpenRoutes['ready' | 'health']>) => {
    const reason = await readiness.look();
    if (reason === null) return { status: 'ok' } as const;
    void reply.status(503);
    return { status: 'unready', reason } as const;
  };
  return {
    live: () => Promise.resolve({ status: 'alive' }),
    ready,
    health: ready,
    description: ({ reply }) => {
      void reply.type('application/json; charset=utf-8').send(description);
      return Promise.resolve(sent);
    },
  };
};
