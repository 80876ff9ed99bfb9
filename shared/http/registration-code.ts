import { z } from 'zod';

/** One-time code that an operator hands to whoever sets up the kiosk: 4 groups of 4, no 0/O/1/I. */
export const registrationCodeSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(
    /^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){3}$/,
    'is no registration code: four groups of four letters and digits, none of them 0, O, 1 or I',
  );
