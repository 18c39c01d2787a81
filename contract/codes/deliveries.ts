/** Why an order has not reached the system of its unit, as `code` of the audit's entry. */
export const DELIVERY_FAILURES = {
  unit_system_failed: {
    en: "The unit's system could not be reached, or failed, until there was no sense in trying again.",
    zh: '责任单位系统多次无法送达。',
  },
  unit_system_refused: { en: "The unit's system does not take the order.", zh: '责任单位系统拒收。' },
} as const;
export type DeliveryCode = keyof typeof DELIVERY_FAILURES;
