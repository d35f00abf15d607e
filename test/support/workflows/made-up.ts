import type {
  AllowedSecrets,
  Application,
  Destination,
  Formation,
  FormationSteps,
  SpawnedFormation,
} from '@slipway/workflows';

const NONE: AllowedSecrets = { variables: [], sops: [], vault: [] };

const ONE_PAUSE: FormationSteps = { pauses: ['commit'], outlasts: false, notifies: true };
const TWO_PAUSES: FormationSteps = { pauses: ['qa', 'commit'], outlasts: true, notifies: false };

function destinations(count: number, prefix = 'd'): Destination[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${prefix}${index + 1}`,
    environment: `production-${prefix}${index + 1}`,
  }));
}

function formation(name: string, more: Partial<Formation> = {}): Formation {
  return { name, waves: [[{ name: 'main', environment: name }]], secrets: NONE, ...more };
}

function spawned(name: string, more: Partial<SpawnedFormation> = {}): SpawnedFormation {
  return {
    ...{ name, registry: 'ghcr.io/acme/preview', destinations: [{ name: 'dev', environment: 'preview' }] },
    secrets: NONE,
    ...more,
  };
}

function application(
  name: string,
  formations: readonly Formation[],
  more: Partial<Application> = {},
): Application {
  return { name, path: 'slipway.yaml', registry: `ghcr.io/acme/${name}`, formations, ...more };
}

/** Those whose releases reach their users in steps: with an environment and without one, at one destination, in a wave and in several. */
const IN_STEPS: readonly Application[] = [
  application('lock', [
    formation('staging', { steps: ONE_PAUSE }),
    formation('production', {
      promotedFrom: 'staging',
      steps: TWO_PAUSES,
      secrets: { ...NONE, variables: ['PAGER_TOKEN'] },
    }),
  ]),
  application('weir', [
    formation('staging', { waves: [[{ name: 'main' }]], steps: { ...TWO_PAUSES, notifies: true } }),
    formation('production', {
      promotedFrom: 'staging',
      waves: [[{ name: 'eu' }, { name: 'us' }]],
      steps: { pauses: [], outlasts: false, notifies: false },
    }),
  ]),
  application('canal', [
    formation('staging', { waves: [destinations(2, 's')], steps: ONE_PAUSE }),
    formation('production', {
      promotedFrom: 'staging',
      waves: [destinations(2, 'eu'), destinations(1, 'us')],
      steps: TWO_PAUSES,
      secrets: { ...NONE, vault: ['kv/canal/production'], variables: ['PAGER_TOKEN'] },
    }),
  ]),
];

/** Applications that no one has, each for a form that workflows can take. */
export const MADE_UP: readonly Application[] = [
  ...IN_STEPS,
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
  application('kite', [formation('staging')], { spawned: [spawned('preview')] }),
  application('regatta', [formation('staging')], {
    path: 'services/regatta/slipway.yaml',
    spawned: [
      spawned('preview', { secrets: { ...NONE, variables: ['DB_PASSWORD'], vault: ['kv/preview'] } }),
      spawned('demo', {
        ...{ form: 'create', registry: 'harbor.acme.io/demo/regatta', destinations: [{ name: 'dev' }] },
      }),
    ],
  }),
  application('crane', [formation('staging'), formation('preview')], { path: 'services/crane/slipway.yaml' }),
  application(
    'true',
    [formation('on'), formation('1', { promotedFrom: 'on' }), formation('null', { promotedFrom: '1' })],
    {
      registry: 'harbor.acme.io:8443/tools/true',
    },
  ),
];
