import { describe, expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { builtInKinds, KUBERNETES_VERSIONS } from '../src/index.ts';
import { minorOf } from '../src/schemas/built-in.ts';
import { findRemovedVersion } from '../src/schemas/removed-versions.ts';
import { checkYaml, configMap, deployment, shown } from './support/check-yaml.ts';

const service = (spec: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec:\n${spec}\n`;

/** Each with the findings, `severity rule line:column`, and a part of the first one's message or fix. */
const cases: Readonly<
  Record<string, readonly [manifest: string, findings: readonly string[], text?: string]>
> = {
  'a manifest that is right': [configMap, []],
  'a field with a misspelt name': [
    service('  prots: [{ port: 80 }]'),
    ['error schema/unknown-field 5:10'],
    'did you mean "ports"?',
  ],
  'a field where it does not belong': [
    service('  image: nginx\n  ports: [{ port: 80 }]'),
    ['error schema/unknown-field 5:10'],
    'remove it',
  ],
  'text where a number belongs': [
    service('  ports: [{ port: "80" }]'),
    ['error schema/wrong-type 5:19'],
    'remove the quotes',
  ],
  'a number where text belongs': [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { port: 80 }\n',
    ['error schema/wrong-type 4:15'],
    'put the value in quotes',
  ],
  'a map where a list belongs': [
    service('  ports: { port: 80 }'),
    ['error schema/wrong-type 5:10'],
    'must be a list, not a map',
  ],
  'a list where a map belongs': [
    service('  selector: [app]'),
    ['error schema/wrong-type 5:13'],
    'must be a map, not a list',
  ],
  'a number beyond 32 bits': [
    service('  ports: [{ port: 99999999999 }]'),
    ['error schema/wrong-type 5:19'],
    '32 bits',
  ],
  'a missing field, on its nearest parent': [
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  replicas: 1\n',
    ['error schema/missing-field 5:3', 'error schema/missing-field 5:3'],
    'add "selector"',
  ],
  'text that is not a quantity': [
    deployment({ pod: '      overhead: { cpu: lots }' }),
    ['error schema/wrong-type 13:24'],
    'a quantity such as 500m',
  ],
  'quantities of every form': [
    deployment({ pod: '      overhead: { a: 1, b: 1.5, c: 1e3, d: 1Ki, e: "0.5", f: 100m, g: -1k, h: .5 }' }),
    [],
  ],
  'a port by name or number': [
    service('  ports: [{ port: 80, name: a, targetPort: http }, { name: b, port: 81, targetPort: 8080 }]'),
    [],
  ],
  'null, which counts as absent': [service('  ports: [{ port: 80, name: null }]\n  type: null'), []],
  'text that is not base64, without repeating it': [
    'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata: { key: "not base64!" }\n',
    ['error schema/wrong-type 4:14'],
    '"data.key" must be base64',
  ],
  'text that is not a time': [
    'apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: a }\nspec: { renewTime: yesterday }\n',
    ['error schema/wrong-type 4:20'],
  ],
  'integers beyond 2^53': [
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a, generation: 9007199254740993 }\nspec: { containers: [{ name: a, image: b }] }\n',
    [],
  ],
  'a status without what its schema requires, which an API server drops': [
    'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: a }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }\nstatus: { conditions: [{}] }\n',
    [],
  ],
  'a status with an unknown field, which an API server refuses': [
    `${configMap.replace('ConfigMap', 'Service').replace('data:\n  colour: blue\n', 'spec: { ports: [{ port: 80 }] }\nstatus: { nonsense: 1 }\n')}`,
    ['error schema/unknown-field 6:21'],
  ],
  'an API version that is gone': [
    'apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: { name: a }\n',
    ['error schema/removed-version 1:13'],
    'use networking.k8s.io/v1',
  ],
  'an API version that never was': [
    'apiVersion: apps/v7\nkind: Deployment\nmetadata: { name: a }\n',
    ['error schema/unknown-version 1:13'],
    'use apps/v1',
  ],
  'a group that is another': [
    'apiVersion: batch/v1\nkind: Deployment\nmetadata: { name: a }\n',
    ['error schema/unknown-kind 2:7'],
  ],
  'a group that does not exist': [
    'apiVersion: deployments/v1\nkind: Deployment\nmetadata: { name: a }\n',
    ['error schema/unknown-version 1:13'],
    'use apps/v1',
  ],
  'a misspelt kind': [
    'apiVersion: apps/v1\nkind: Deploymint\nmetadata: { name: a }\n',
    ['error schema/unknown-kind 2:7'],
    'did you mean "Deployment"?',
  ],
  'a kind of Kubernetes in a group of another project: sparkoperator.k8s.io': [
    'apiVersion: sparkoperator.k8s.io/v1beta2\nkind: Job\nmetadata: { name: a }\n',
    ['warning schema/unknown-kind 2:7'],
    'CustomResourceDefinition',
  ],
  'a kind of Kubernetes in a group of another project: autoscaling.k8s.io': [
    'apiVersion: autoscaling.k8s.io/v1\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\n',
    ['warning schema/unknown-kind 2:7'],
    "use autoscaling/v1 if you mean Kubernetes' own; otherwise put its CustomResourceDefinition",
  ],
  'a group of Kubernetes with a dot that is misspelt': [
    'apiVersion: networking.k8s.i0/v1\nkind: Ingress\nmetadata: { name: a }\n',
    ['error schema/unknown-version 1:13'],
    'use networking.k8s.io/v1',
  ],
  'a group of Kubernetes without a dot that is misspelt': [
    'apiVersion: app/v1\nkind: Deployment\nmetadata: { name: a }\n',
    ['error schema/unknown-version 1:13'],
    'use apps/v1',
  ],
  'a kind of Kubernetes in a group that ends alike': [
    'apiVersion: gateway.networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }\n',
    ['warning schema/unknown-kind 2:7'],
    'CustomResourceDefinition',
  ],
  'an unknown kind of an unknown group': [
    'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\n',
    ['warning schema/unknown-kind 2:7'],
    'CustomResourceDefinition',
  ],
};

it.each(Object.entries(cases))(
  'schemas find what is wrong: %s',
  async (_title, [manifests, findings, text]) => {
    const found = await checkYaml({ manifests });
    expect(shown(found)).toEqual(findings);
    if (text !== undefined) expect(`${found[0]?.message} ${found[0]?.fix}`).toContain(text);
  },
);

describe('versions of Kubernetes', () => {
  const policyBinding =
    'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\nmetadata: { name: a }\nspec: { reinvocationPolicy: Never }\n';

  it.each(KUBERNETES_VERSIONS)('has schemas of %s', async kubernetesVersion => {
    expect(await checkYaml({ manifests: deployment(), kubernetesVersion })).toEqual([]);
  });

  it('knows a kind only where that version has it', async () => {
    expect(shown(await checkYaml({ manifests: policyBinding, kubernetesVersion: '1.33' }))).toEqual([
      'error schema/unknown-version 1:13',
    ]);
    expect(shown(await checkYaml({ manifests: policyBinding, kubernetesVersion: '1.36' }))).toEqual([]);
  });

  it('calls no kind removed that a later version of Kubernetes serves', () => {
    const wrong = KUBERNETES_VERSIONS.flatMap(version =>
      builtInKinds(version)
        .filter(({ apiVersion, kind }) => {
          const { removedIn = 99 } = findRemovedVersion(apiVersion, kind) ?? {};
          return removedIn <= minorOf(version);
        })
        .map(({ apiVersion, kind }) => `${version} ${apiVersion} ${kind}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['scheduling.k8s.io/v1beta1', 'Workload', '1.36', 'Kubernetes 1.36 has no "Workload"'],
    ['scheduling.k8s.io/v1beta1', 'PriorityClass', '1.37', 'was removed in Kubernetes 1.22'],
    ['networking.k8s.io/v1beta1', 'ServiceCIDR', '1.37', 'was removed in Kubernetes 1.37'],
  ])('says that %s %s is not in %s, and why', async (apiVersion, kind, kubernetesVersion, text) => {
    const manifests = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`;
    const [found] = await checkYaml({ manifests, kubernetesVersion });
    expect(found?.message).toContain(text);
  });

  it('takes a patch version for its minor one', async () => {
    expect(await checkYaml({ manifests: configMap, kubernetesVersion: 'v1.34.2' })).toEqual([]);
  });

  it.each([
    ['1.20', '1.33', 'so upgrade the cluster, and name its new version'],
    ['1.32.4', '1.33', 'so upgrade the cluster, and name its new version'],
    ['v1.40.0+k3s1', '1.37', 'so update Slipway'],
  ])('checks %p as for %p, and says what to do', async (kubernetesVersion, nearest, remedy) => {
    const found = await checkYaml({ manifests: configMap, kubernetesVersion });
    expect(shown(found)).toEqual(['warning schema/unsupported-version']);
    expect(found[0]?.message).toContain(`the nearest version, ${nearest}, was used`);
    expect(found[0]?.fix).toContain(`Slipway knows 1.33 to 1.37, ${remedy}`);
  });

  it.each(['2.0', 'latest', '1.x', ''])(
    'refuses %p, naming those that there are',
    async kubernetesVersion => {
      const refused = checkYaml({ manifests: configMap, kubernetesVersion });
      await expect(refused).rejects.toThrow(SlipwayError);
      await expect(refused).rejects.toMatchObject({ code: 'unknown-kubernetes-version' });
      await expect(refused).rejects.toThrow(/1\.33, .*1\.37/);
    },
  );
});

describe('custom resources', () => {
  const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: { type: integer, minimum: 1, maximum: 5, default: 3 }
                needed: { type: object, required: [key], properties: { key: { type: string } } }
                colour: { type: string, enum: [red, blue] }
                code: { type: string, pattern: "^[a-z]+$", maxLength: 4 }
                tags: { type: array, maxItems: 1, items: { type: string } }
                port: { x-kubernetes-int-or-string: true }
                free: { type: object, x-kubernetes-preserve-unknown-fields: true }
                map: { type: object, additionalProperties: { type: integer } }
---
`;
  const widget = (spec: string): string =>
    `apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\nspec: ${spec}\n`;

  it.each([
    [
      '{ size: 2, colour: red, code: abc, tags: [x], port: http, free: { anything: [1] }, map: { a: 1 } }',
      [],
    ],
    ['{ size: 9 }', ['error schema/invalid-value']],
    ['{ size: 2, colour: green }', ['error schema/invalid-value']],
    ['{ size: 2, code: ABC }', ['error schema/invalid-value']],
    ['{ size: 2, code: abcdefg }', ['error schema/invalid-value']],
    ['{ size: 2, tags: [a, b] }', ['error schema/invalid-value']],
    ['{ size: 2, port: 1.5 }', ['error schema/wrong-type']],
    ['{ size: 2, map: { a: x } }', ['error schema/wrong-type']],
    ['{ size: 2, color: red }', ['error schema/unknown-field']],
    ['{ colour: red }', []],
    ['{ size: 2, needed: { } }', ['error schema/missing-field']],
  ])('are held against their definition: %s', async (spec, findings) => {
    const found = await checkYaml({ manifests: definition + widget(spec) });
    expect(found.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(findings);
  });

  it('may be defined beside the policies', async () => {
    const found = await checkYaml({ manifests: widget('{ size: 9 }'), policies: definition });
    expect(found.map(({ message }) => message)).toEqual(['"spec.size" must be at most 5']);
  });

  it('have the defaults of their definition before policies look at them', async () => {
    const policy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: sized }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [example.com], apiVersions: [v1], operations: [CREATE], resources: [widgets] }]
  validations: [{ expression: "object.spec.size != 3", message: three }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: sized }
spec: { policyName: sized, validationActions: [Deny] }
`;
    const found = await checkYaml({ manifests: definition + widget('{ colour: red }'), policies: policy });
    expect(found.map(({ message }) => message)).toContain('three');
  });

  it.each([
    'spec: {}',
    'spec: { group: 1 }',
    'spec: { group: a.b, names: { kind: X, plural: xs }, versions: [1, { name: v1, schema: { openAPIV3Schema: 5 } }] }',
  ])('that are defined wrongly are findings, not failures: %s', async spec => {
    const broken = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: xs.a.b }\n${spec}\n`;
    const found = await checkYaml({ manifests: broken });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ rule }) => rule.startsWith('schema/'))).toBe(true);
  });
});
