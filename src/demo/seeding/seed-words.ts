/** What the things of a seeded database are called. */

export const ORGANIZATION_FIRST_WORDS = [
  'Amber',
  'Birch',
  'Cobalt',
  'Delta',
  'Ember',
  'Fjord',
  'Granite',
  'Harbour',
  'Indigo',
  'Juniper',
  'Kestrel',
  'Larkspur',
  'Meridian',
  'Northern',
  'Orchard',
  'Pioneer',
  'Quartz',
  'River',
  'Summit',
  'Tidal',
];

export const ORGANIZATION_LAST_WORDS = [
  'Airlines',
  'Analytics',
  'Bank',
  'Books',
  'Energy',
  'Foods',
  'Games',
  'Health',
  'Insurance',
  'Labs',
  'Logistics',
  'Media',
  'Mobility',
  'Robotics',
  'Telecom',
  'Travel',
];

export const ACCOUNT_NAMES = ['Retail', 'Wholesale', 'Marketplace', 'Partners', 'Internal', 'Logistics'];

export const WIDGET_NAMES = [
  'Checkout',
  'Search',
  'Ordering',
  'Reviews',
  'Chat',
  'Loyalty',
  'Maps',
  'Billing',
];

/** The first environments of every widget; those after them are previews. */
export const ENVIRONMENT_NAMES = ['Production', 'Staging', 'Development'];

export const KEY_PURPOSES = [
  'alerts',
  'analytics export',
  'backups',
  'batch import',
  'CI pipeline',
  'dashboards',
  'data warehouse',
  'deploys',
  'fraud checks',
  'load tests',
  'mobile app',
  'monitoring',
  'nightly sync',
  'partner access',
  'smoke tests',
  'storefront',
  'support tools',
  'webhooks',
];
