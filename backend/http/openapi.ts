/** The API's description, made from the schemas that check the requests. */
import { z } from 'zod';
import { errorAnswerSchema } from '#shared/http/contract.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

const jsonSchema = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const json = (schema: z.ZodType): unknown => ({ 'application/json': { schema: jsonSchema(schema) } });

const describe = (operation: Operation): unknown => ({
  summary: operation.summary,
  security: operation.access === 'open' ? [] : [{ [operation.access]: [] }],
  parameters: [
    ...[...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(operation.query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      schema: schema instanceof z.ZodType ? jsonSchema(schema) : {},
    })),
  ],
  ...(operation.body ? { requestBody: { required: true, content: json(operation.body) } } : {}),
  responses: {
    [operation.status]: {
      description: 'Done',
      ...(operation.answer ? { content: json(operation.answer) } : {}),
    },
    default: { description: 'Failed', content: json(errorAnswerSchema) },
  },
});

export const openApiDocument = (): unknown => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  const bearer = { type: 'http', scheme: 'bearer' };
  return {
    openapi: '3.1.0',
    info: { title: 'Latchpoint backend', version: '1' },
    components: { securitySchemes: { kiosk: bearer, admin: bearer } },
    paths,
  };
};
