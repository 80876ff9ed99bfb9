/** A store into which people come as a list, and the calls that bring and take it. */
import { expect } from 'vitest';
import { staffAnswerSchema } from '#backend/admin/answers.ts';
import { listCalls, type Sent } from './list-calls.ts';
import { rights } from './unsound-rights.ts';
import { storeTest } from './store-test.ts';

export const counts = ({ report }: Sent) => report?.counts;
export const list = [
  'Employee number;Name;Language;Roles;First day;Last day',
  '00417;Inés Ortega;es;associate;2026-01-01;',
  '00418;"Jo ""JJ"" Lindqvist";Deutsch;lead, night;;2027-12-31',
  '',
  '00420;Noor;;;;',
].join('\r\n');

export const peopleListTest = storeTest.extend('scene', { auto: true }, async ({ world, storeId }) => {
  const { send, get, getText } = listCalls(world, storeId);
  const people = async () =>
    staffAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/staff`)).body).staff;
  expect((await world.admin('PUT', `/stores/${storeId}/rights`, rights)).status).toBe(204);
  return { send, people, getText, get };
});
