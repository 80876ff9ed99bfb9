/** By what a store is known. */
export interface StoreKey {
  readonly tenantId: string;
  readonly storeId: string;
}
