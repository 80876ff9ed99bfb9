/** The backend's administration API, as the simulated store and its tests use it. */
import { z } from 'zod';

export interface Admin {
  get(path: string): Promise<unknown>;
  send(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** Rejects with the backend's own words when it does not answer 2xx. */
export const createAdmin = (baseUrl: string, token: string): Admin => {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/v1/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return { get: (path) => call('GET', path), send: call };
};

export const registrationCodeAnswer = z.looseObject({ code: z.string() });
