export { createStoreAir, type StoreAir, type StoreAirOptions } from './store-air.ts';
