/** Who may open what at the simulated store, for whoever wants to see rights at work (`npm start -- --rights`). */
import type { Admin } from './admin.ts';
import { simulatedPin, simulatedPolicy, simulatedStaff, storeId } from './seed.ts';

const [frontCounter, backOffice] = simulatedStaff;

/** Everybody's PIN is `simulatedPin`. */
export const peopleWithRoles = [
  { ...frontCounter, roles: ['manager'] },
  { ...backOffice, roles: ['back_office'] },
  { staffId: '5aff0000-0000-4000-8000-000000000003', name: 'Floor lead', roles: ['lead'] },
  { staffId: '5aff0000-0000-4000-8000-000000000004', name: 'Saturday help', roles: ['associate'] },
] as const;

const daily = (from: string, until: string): object => ({
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from, until }],
  exceptions: [],
});

const rights = {
  timeZone: 'Europe/London',
  rules: [
    {
      group: 'Watches',
      twoPeople: true,
      reasons: {
        choices: [
          { code: 'customer', name: 'For a customer' },
          { code: 'stock', name: 'Stocktaking' },
        ],
        number: { name: 'Receipt', required: false },
      },
    },
    { group: 'Beauty', schedule: daily('08:00', '20:00') },
    { group: 'Groceries', delayMinutes: 1 },
    { group: 'Back office', roles: ['manager', 'back_office'], holdOpenSeconds: 20 },
  ],
};

/** What the terminal says of it, a line each. */
export const rightsInWords: readonly string[] = [
  ...peopleWithRoles.map(({ name, roles }) => `"${name}": ${roles.join(', ').replace('_', ' ')}`),
  'Watches take a second person (a manager or a lead) and a reason; Beauty opens from 08:00 to 20:00 in London;',
  'Groceries take a minute of waiting; Back office is for managers and the back office alone;',
  'a customer waits for ten minutes at the most: the button is at the bottom of every screen',
];

/** Sets them, as often as it is called: what is there already is no change. */
export const seedRights = async (admin: Admin): Promise<void> => {
  const policy = { ...simulatedPolicy, customerWaitsMinutes: 10 };
  await admin.send('PUT', `/stores/${storeId}`, { name: 'Harbour Street', policy });
  await admin.send('PUT', `/stores/${storeId}/rights`, rights);
  for (const { staffId, name, roles } of peopleWithRoles) {
    await admin.send('PUT', `/stores/${storeId}/staff/${staffId}`, { name, pin: simulatedPin, roles });
  }
};
