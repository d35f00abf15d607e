import { beforeAll, expect, it } from '@jest/globals';
import type { SourceDocument } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { ADMISSION, until } from '@slipway/testkit/cluster';
import { check } from '../src/index.ts';
import type { PolicySpec } from '../src/resources/types.ts';
import { documentOf, policyNamed } from './support/parity.ts';
import { typedPolicies } from './support/typed-policies.ts';

const cluster = useCluster();

const POLICIES = `${ADMISSION}/validatingadmissionpolicies`;

const server = useApiServer(() => cluster.kubeconfig);

beforeAll(async () => {
  await Promise.all(
    typedPolicies.map((spec, index) => server.send('POST', POLICIES, policyNamed(`typed-${index}`, spec))),
  );
}, 600_000);

/** The fields that `status.typeChecking` warns of, such as `spec.validations.0.expression`. */
async function warnedFields(name: string): Promise<string[]> {
  const read = async () => (await server.send('GET', `${POLICIES}/${name}`)).body;
  await until(async () => (await read()).status?.observedGeneration !== undefined);
  const warnings: { fieldRef: string }[] = (await read()).status.typeChecking?.expressionWarnings ?? [];
  return warnings.map(({ fieldRef }) => fieldRef.replace(/\[(\d+)\]/g, '.$1')).sort();
}

async function ownFields(name: string, spec: PolicySpec): Promise<string[]> {
  const document: SourceDocument = {
    ...documentOf(policyNamed(name, spec)),
    positionOf: path => ({ path: path.join('.'), line: 1, column: 1 }),
  };
  const request = { objects: [], packs: [], kubernetesVersion: '1.36', namespace: 'shop' };
  const found = await check({ ...request, policies: [document] });
  const fields = found
    .filter(({ rule }) => rule === 'policy/type-mismatch')
    .map(({ place }) => place?.path ?? '');
  return [...new Set(fields)].sort();
}

/**
 * Expressions that an API server warns of although they work: its checker does not know quantities or types that contain
 * themselves, and takes for bytes and times what policies see as text.
 */
const wrongWarnings =
  /limits\['cpu'\]|sizeLimit|openAPIV3Schema\.properties\['spec'\]\.type |data\['a'\] == 'x'|creationTimestamp == 'x'/;

it.each(typedPolicies.map((spec, index) => [spec.validations?.[0]?.expression ?? '', spec, index] as const))(
  'a policy fits the schemas of its kinds here if and only if it does for the API server: %s',
  async (expression, spec, index) => {
    const name = `typed-${index}`;
    const warned = await warnedFields(name);
    if (wrongWarnings.test(expression))
      expect([warned.length > 0, await ownFields(name, spec)]).toEqual([true, []]);
    else expect(await ownFields(name, spec)).toEqual(warned);
  },
);
