import type { AllowedSecrets, Application, Destination, Formation } from '@slipway/workflows';

const NONE: AllowedSecrets = { variables: [], sops: [], vault: [] };

function destinations(count: number, prefix = 'd'): Destination[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${prefix}${index + 1}`,
    environment: `production-${prefix}${index + 1}`,
  }));
}

function formation(name: string, more: Partial<Formation> = {}): Formation {
  return { name, waves: [[{ name: 'main', environment: name }]], secrets: NONE, ...more };
}

function application(
  name: string,
  formations: readonly Formation[],
  more: Partial<Application> = {},
): Application {
  return { name, path: 'slipway.yaml', registry: `ghcr.io/acme/${name}`, formations, ...more };
}

/** Applications that no one has, each for a form that workflows can take. */
export const MADE_UP: readonly Application[] = [
  application('hello', [formation('live', { waves: [[{ name: 'main' }]] })]),
  application('letters', [
    formation('staging', {
      secrets: { ...NONE, sops: ['secrets/staging.yaml'], variables: ['SMTP_PASSWORD', 'TOKEN'] },
    }),
  ]),
  application('bank', [
    formation('staging', { secrets: { ...NONE, vault: ['kv/bank/staging'] } }),
    formation('production', {
      promotedFrom: 'staging',
      waves: [destinations(2, 'eu'), destinations(1, 'us')],
      secrets: { ...NONE, vault: ['kv/bank/production'], variables: ['PAGER_TOKEN'] },
      readAgain: { ...NONE, vault: ['kv/bank/production'], variables: ['PAGER_TOKEN'] },
    }),
  ]),
  application('edge', [formation('everywhere', { waves: [destinations(50)] })]),
  application('harbour', [formation('live', { waves: [destinations(1, 'a'), destinations(2, 'b')] })]),
  application('ferry', [
    formation('staging'),
    formation('production', { promotedFrom: 'staging', waves: destinations(4).map(one => [one]) }),
  ]),
  application('lighthouse', [
    formation('dev'),
    formation('staging', { promotedFrom: 'dev' }),
    formation('production', { promotedFrom: 'staging', waves: [destinations(3)] }),
  ]),
  application('tide', [
    formation('staging', { waves: [[{ name: 'main' }, { name: 'second', environment: 'Staging two' }]] }),
    formation('asia', { promotedFrom: 'staging' }),
    formation('europe', { promotedFrom: 'staging', waves: [[{ name: 'eu' }], [{ name: 'uk' }]] }),
  ]),
  application('crane', [formation('staging'), formation('preview')], { path: 'services/crane/slipway.yaml' }),
  application(
    'true',
    [formation('on'), formation('1', { promotedFrom: 'on' }), formation('null', { promotedFrom: '1' })],
    {
      registry: 'harbor.acme.io:8443/tools/true',
    },
  ),
];
