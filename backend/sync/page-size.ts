/**
 * How much a page holds at the most, whatever the rows are: a kiosk's enrolments are as large as it likes within the models.
 * A full page of 1,000 keys stays below it.
 */
export const pageBytes = 4 * 1024 * 1024;

/** How many rows are made into documents before others get a turn of this process. */
export const rowsAtOnce = 10;
