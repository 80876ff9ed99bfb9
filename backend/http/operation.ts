/** One operation of the API, as its description is made from it. */
import type { z } from 'zod';

export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly access: 'open' | 'kiosk' | 'admin';
  readonly status: number;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
}
