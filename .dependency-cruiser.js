/** dependency-cruiser reads its configuration from JavaScript only; the table is typed. */
export { default } from './dependency-cruiser.config.ts';
