export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED'] as const;

/** PENDING will be tried, or tried again; FAILED has been tried as often as it may. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
