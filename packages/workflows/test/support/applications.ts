import type { AllowedSecrets, Application, Destination, Formation } from '@slipway/workflows';

const NO_SECRETS: AllowedSecrets = { variables: [], sops: [], vault: [] };

export function formation(name: string, more: Partial<Formation> = {}): Formation {
  return { name, waves: [[{ name: 'main', environment: name }]], secrets: NO_SECRETS, ...more };
}

export function application(formations: readonly Formation[], more: Partial<Application> = {}): Application {
  return { name: 'shop', path: 'slipway.yaml', registry: 'ghcr.io/acme/shop', formations, ...more };
}

/** Destinations `d1`, `d2` and so on, each with an environment of its own. */
export function destinations(count: number): Destination[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `d${index + 1}`,
    environment: `production-d${index + 1}`,
  }));
}

/** Staging, and production in two waves that is promoted from it. */
export const SHOP = application([
  formation('staging', { secrets: { ...NO_SECRETS, variables: ['STAGING_PASSWORD'] } }),
  formation('production', {
    promotedFrom: 'staging',
    waves: [[{ name: 'eu', environment: 'production-eu' }], [{ name: 'us', environment: 'production-us' }]],
    secrets: { ...NO_SECRETS, variables: ['PRODUCTION_PASSWORD'] },
  }),
]);
