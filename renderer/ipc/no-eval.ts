/**
 * The page's policy forbids eval. zod would try it once to see whether it may compile its parsers, and that try alone is a
 * reported violation: so it is told not to, before any schema is made. Import this before anything that imports a schema.
 */
import { config } from 'zod';

config({ jitless: true });
