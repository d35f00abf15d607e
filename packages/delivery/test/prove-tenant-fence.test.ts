import { expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { proveTenantFence } from '../src/spawned/prove-tenant-fence.ts';

type Answer = 'admits' | readonly [code: string, message: string];
const DENIED: Answer = [
  'cluster-refused',
  `creating x: x is forbidden: ValidatingAdmissionPolicy 'slipway-tenant' with binding 'slipway-tenant' denied request: no`,
];

/** An API server that refuses everything but what is given, and the kinds that the login may not create. */
function server(answers: Readonly<Record<string, Answer>> = {}, without: readonly string[] = []) {
  const asked: (readonly [string, unknown])[] = [];
  return {
    asked,
    async review({ spec }: { spec: { resourceAttributes: { resource: string } } }) {
      return { allowed: !without.includes(spec.resourceAttributes.resource) };
    },
    async create(object: KubernetesObject, options: unknown) {
      asked.push([object.kind, options]);
      const answer = answers[object.kind] ?? DENIED;
      if (answer === 'admits') return object;
      const [code, message] = answer;
      throw new SlipwayError({ code, message });
    },
  };
}

async function outcome(one: ReturnType<typeof server>): Promise<readonly [string, string]> {
  try {
    await proveTenantFence(one as never, 'shop-pr-7');
    return ['proven', ''];
  } catch (error) {
    return error instanceof SlipwayError
      ? [error.code, error.problems[0]?.remedy ?? '']
      : [String(error), ''];
  }
}

const KINDS = [
  ...['ConfigMap', 'Ingress', 'Service', 'Service'],
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
];

it('is proven by dry runs alone, for each kind that an instance may have', async () => {
  const one = server();
  expect(await outcome(one)).toEqual(['proven', '']);
  expect(one.asked).toEqual(KINDS.map(kind => [kind, { dryRun: true }]));
});

it.each([...new Set(KINDS)])('is missing where a %s would be made', async kind => {
  expect((await outcome(server({ [kind]: 'admits' })))[0]).toBe('fence-missing');
});

it('asks for nothing that the login may not create', async () => {
  const one = server({ DaemonSet: 'admits' }, ['daemonsets', 'cronjobs']);
  expect((await outcome(one))[0]).toBe('proven');
  expect(one.asked.map(([kind]) => kind)).not.toContain('CronJob');
});

it('is unknown for every other answer, and names the file of the rights', async () => {
  const fault: Answer = ['cluster-refused', 'creating x: HTTP status 500'];
  expect((await outcome(server({ Job: fault })))[0]).toBe('fence-unknown');
  const forbidden: Answer = ['cluster-forbidden', 'User "tenant" cannot create resource "jobs"'];
  const [code, remedy] = await outcome(server({ Job: forbidden }));
  expect([code, remedy]).toEqual(['fence-unknown', expect.stringContaining('examples/roles/spawner.yaml')]);
});
