import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCluster } from '@slipway/testbed/jest';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { scratch } from '@slipway/testkit/git';

const ACTION = join(import.meta.dirname, '..');

const cluster = useCluster();

const service = (address: string): string => `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: LoadBalancer, loadBalancerIP: ${address}, ports: [{ port: 80 }] }
---
apiVersion: acme.io/v1
kind: Gadget
metadata: { name: unknown-to-the-cluster }
`;

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: address }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [UPDATE], resources: [services] }]
  validations:
    - expression: object.spec.?loadBalancerIP == oldObject.spec.?loadBalancerIP
      message: the address changed
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: address }
spec: { policyName: address, validationActions: [Deny] }
`;

beforeAll(async () => {
  kubectl(['create', 'namespace', 'live']);
  kubectl(['apply', '--namespace', 'live', '-f', '-'], service('10.0.0.1').split('---')[0]);
});
function kubectl(args: readonly string[], input?: string): void {
  const env = { KUBECONFIG: cluster.kubeconfig, KUBECACHEDIR: scratch() };
  execFileSync(cluster.kubectl ?? '', [...args], {
    env,
    input,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

async function check(address: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const workspace = scratch();
  mkdirSync(join(workspace, 'policies'));
  writeFileSync(join(workspace, 'web.yaml'), service(address));
  writeFileSync(join(workspace, 'policies/address.yaml'), POLICY);
  const job = createJob({ workspace, directory: scratch(), path: '/usr/bin:/bin' });
  const given = {
    manifests: 'web.yaml',
    policies: 'policies',
    namespace: 'live',
    baseline: 'cluster',
    ...inputs,
  };
  return await runStep(job, { action: ACTION, inputs: given });
}

describe('the baseline cluster', () => {
  it('shows change policies the objects as they are, with and without a namespace in the manifest', async () => {
    const kubeconfig = cluster.kubeconfig;
    const [same, other] = await Promise.all(
      ['10.0.0.1', '10.0.0.2'].map(address => check(address, { kubeconfig })),
    );
    expect([same?.exitCode, same?.exitCode === 0 ? '' : same?.log]).toEqual([0, '']);
    expect(
      other?.annotations.filter(({ severity }) => severity === 'error').map(({ title }) => title),
    ).toContain('Slipway: address');
  });

  it('that cannot be reached is an error if a rule needs it, and the other findings are kept', async () => {
    const { exitCode, annotations } = await check('10.0.0.2', { packs: 'references' });
    expect(exitCode).toBe(1);
    const shown = annotations.map(({ title, message }) => `${title}: ${message}`).join('\n');
    expect(shown).toMatch(/baseline\/unreadable: the objects to compare with cannot be read: .*kubeconfig/);
    expect(shown).toContain('schema/unknown-kind');
  });
});
