import { describe, expect, it } from '@jest/globals';
import { SlipwayError, type SpawnBlock } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { RoomTerms } from '@slipway/release';
import { proveFence } from '../src/keeper/prove-fence.ts';

const TERMS: RoomTerms = {
  ...{ application: 'shop', from: 'preview', key: '7', namespace: 'shop-pr-7', destination: 'dev' },
  ...{ environment: 'preview', repository: 'acme/shop', repositoryId: 4711, pull: 7 },
  ...{ server: 'https://github.com', expires: new Date('2026-12-01T12:00:00Z') },
};
const BLOCK = { form: 'create', tenant: 'tenant' } as unknown as SpawnBlock;

type Answer = 'admits' | readonly [code: string, message: string];
const DENIED: Answer = [
  'cluster-refused',
  `creating Namespace x: namespaces "x" is forbidden: ValidatingAdmissionPolicy 'slipway-room-keeper' with binding 'slipway-room-keeper' denied request: no`,
];

/** An API server that gives these answers, one for each request; the objects are what it was asked for. */
function server(...answers: readonly Answer[]) {
  const asked: KubernetesObject[] = [];
  const dry: unknown[] = [];
  const create = async (object: KubernetesObject, options: unknown) => {
    asked.push(object);
    dry.push(options);
    const answer = answers[asked.length - 1] ?? DENIED;
    if (answer === 'admits') return object;
    const [code, message] = answer;
    throw new SlipwayError({ code, message });
  };
  return { asked, dry, create, update: create };
}

const outcome = async (...answers: readonly Answer[]): Promise<string> => {
  try {
    await proveFence(server(...answers) as never, TERMS, BLOCK);
    return 'proven';
  } catch (error) {
    return error instanceof SlipwayError ? error.code : String(error);
  }
};

describe('the fence of the room keeper', () => {
  it('is proven by dry runs alone, of what it must refuse', async () => {
    const one = server();
    await proveFence(one as never, TERMS, BLOCK);
    expect(one.asked.map(({ kind, metadata }) => [kind, metadata.name, metadata['namespace']])).toEqual([
      ['Namespace', 'not-shop-pr-7', undefined],
      ['Namespace', 'shop-pr-7', undefined],
      ['RoleBinding', 'slipway-room', 'default'],
    ]);
    expect(one.asked[1]?.metadata['labels']).not.toHaveProperty('slipway.dev/spawned-from');
    for (const options of one.dry) expect(options).toMatchObject({ dryRun: true });
  });

  it.each<[string, readonly Answer[], string]>([
    ['every request is refused', [], 'proven'],
    [
      'a webhook refuses',
      [['cluster-refused', 'x: admission webhook "fence.acme.io" denied the request: no']],
      'proven',
    ],
    ['a foreign name would do', ['admits'], 'fence-missing'],
    ['marks may be missing', [DENIED, 'admits'], 'fence-missing'],
    ['it binds anywhere', [DENIED, DENIED, 'admits'], 'fence-missing'],
    [
      'a right is missing',
      [['cluster-forbidden', 'User "x" cannot create resource "namespaces"']],
      'fence-unknown',
    ],
    [
      'the server has a fault',
      [['cluster-refused', 'creating Namespace x: HTTP status 500']],
      'fence-unknown',
    ],
    [
      'the policy cannot be evaluated',
      [['cluster-refused', 'x: failed to configure policy: no params found']],
      'fence-unknown',
    ],
    ...[
      'no params found for policy binding with `Deny` parameterNotFoundAction',
      "expression 'params.data.keeper' resulted in error: no such key: keeper",
    ].map((fault): [string, readonly Answer[], string] => [
      `the policy itself fails (${fault})`,
      [['cluster-refused', `x: ValidatingAdmissionPolicy 'x' with binding 'x' denied request: ${fault}`]],
      'fence-unknown',
    ]),
    ['a quota refuses', [['cluster-refused', 'x is forbidden: exceeded quota: y']], 'fence-unknown'],
    ['the name is taken', [['cluster-exists', 'it already exists']], 'fence-unknown'],
    ['the server does not answer', [['cluster-unreachable', 'timed out']], 'fence-unknown'],
    [
      'only the last is not answered',
      [DENIED, DENIED, ['cluster-unreachable', 'timed out']],
      'fence-unknown',
    ],
  ])('with %s: %s', async (_title, answers, expected) => {
    expect(await outcome(...answers)).toBe(expected);
  });
});
