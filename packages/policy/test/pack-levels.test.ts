import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { parseDocuments } from '@slipway/yaml';
import { budget, checkYaml, deployment } from './support/check-yaml.ts';

const objects = (manifests: string): KubernetesObject[] =>
  parseDocuments(manifests, 'before.yaml').map(({ value }) => value as KubernetesObject);
const told = (found: readonly Finding[]): string[] =>
  found.map(({ severity, rule, lowered }) => [severity, rule, lowered].filter(Boolean).join(' ')).toSorted();

const GOOD = deployment() + budget;
const second = (image: string): string => `        - { name: b, image: "${image}" }\n`;
const FLOATING = GOOD.replace('shop/api:1.2', 'shop/api:latest');

describe('the level of a pack', () => {
  it('is error unless it says something else', async () => {
    expect(told(await checkYaml({ manifests: FLOATING, packs: ['workloads'] }))).toEqual([
      'error workloads/fixed-images',
    ]);
    expect(told(await checkYaml({ manifests: FLOATING, packs: ['workloads: error'] }))).toEqual([
      'error workloads/fixed-images',
    ]);
  });

  it.each(['workloads: warn', 'workloads: new'])(
    'makes warnings of errors where nothing is compared: %s',
    async pack => {
      expect(told(await checkYaml({ manifests: FLOATING, packs: [pack] }))).toEqual([
        'warning workloads/fixed-images by-level',
      ]);
    },
  );

  it('leaves the rules of others as they are', async () => {
    const manifests = FLOATING.replace('replicas: 2', 'replicas: many');
    expect(told(await checkYaml({ manifests, packs: ['workloads: warn'] }))).toEqual([
      'error schema/wrong-type',
      'warning workloads/fixed-images by-level',
    ]);
  });

  it('covers rules that look at several objects', async () => {
    const manifests = GOOD.replace(
      'maxUnavailable: 1, selector: { matchLabels: { app: api } }',
      'maxUnavailable: 1, selector: { matchLabels: { app: web } }',
    );
    expect(told(await checkYaml({ manifests, packs: ['references'] }))).toEqual([
      'error references/disruption-budget-selects-nothing',
    ]);
    expect(told(await checkYaml({ manifests, packs: ['references: warn'] }))).toEqual([
      'warning references/disruption-budget-selects-nothing by-level',
    ]);
  });

  it('is the strictest of a pack that is named twice, and of packs that share rules', async () => {
    for (const packs of [
      ['workloads: warn', 'workloads'],
      ['workloads/baseline', 'workloads: warn'],
    ])
      expect(told(await checkYaml({ manifests: FLOATING, packs }))).toEqual(['error workloads/fixed-images']);
    const asRoot = FLOATING.replace('runAsNonRoot: true, ', '');
    expect(
      told(await checkYaml({ manifests: asRoot, packs: ['workloads/baseline', 'workloads: warn'] })),
    ).toEqual(['error workloads/fixed-images', 'warning workloads/no-root by-level']);
  });

  it('does not let a milder pack take the place of a rule of a stricter one', async () => {
    const manifests = GOOD.replace('drop: [ALL]', 'drop: [ALL], add: [SYS_ADMIN]');
    const rules = async (...packs: string[]) => told(await checkYaml({ manifests, packs }));
    expect(await rules('pod-security/baseline', 'pod-security/restricted')).toEqual([
      'error pod-security/restricted/drop-capabilities',
    ]);
    expect(await rules('pod-security/baseline', 'pod-security/restricted: warn')).toEqual([
      'error pod-security/baseline/capabilities',
      'warning pod-security/restricted/drop-capabilities by-level',
    ]);
  });

  it('is one of three, and a wrong one or an unknown pack is refused with the nearest right word', async () => {
    const refused = async (...packs: string[]) =>
      await checkYaml({ manifests: GOOD, packs }).catch((error: unknown) => error);
    expect(await refused('workloads: wran')).toMatchObject({
      code: 'pack-level-unknown',
      problems: [{ remedy: 'did you mean "warn"?' }],
    });
    expect(await refused('worklods: warn', 'referencs')).toMatchObject({
      problems: [
        { code: 'unknown-pack', remedy: 'did you mean "workloads"?' },
        { code: 'unknown-pack', remedy: 'did you mean "references"?' },
      ],
    });
  });
});

describe('the level new', () => {
  const compared = async (before: string, manifests: string, pack = 'workloads') =>
    told(await checkYaml({ manifests, packs: [`${pack}: new`], before: objects(before) }));
  const KNOWN = 'warning workloads/fixed-images as-before';
  const NEW = 'error workloads/fixed-images';

  it('fails only what was not there before', async () => {
    expect(await compared(GOOD, FLOATING)).toEqual([NEW]);
    expect(await compared(FLOATING, FLOATING)).toEqual([KNOWN]);
    expect(await compared(FLOATING, GOOD)).toEqual([]);
  });

  it('knows a finding whatever moved around it', async () => {
    const moved = FLOATING.replace('replicas: 2', 'replicas: 3').replace(
      '      containers:\n',
      '      containers:\n        - { name: a, image: "a:1", resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }, securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } } }\n',
    );
    expect(await compared(FLOATING, moved)).toEqual([KNOWN]);
  });

  it('fails another object with the same fault', async () => {
    const other = FLOATING.split('\n---\n')[0]?.replaceAll('name: api', 'name: other') ?? '';
    expect(await compared(FLOATING, `${FLOATING}---\n${other}\n`)).toContain(NEW);
  });

  it('knows an object that begins or ceases to name the namespace that it has anyway', async () => {
    const naming = (manifests: string): string =>
      manifests
        .replaceAll(/^metadata: \{ /gm, 'metadata: { namespace: shop, ')
        .replaceAll(/^metadata:\n/gm, 'metadata:\n  namespace: shop\n');
    const named = naming(FLOATING);
    expect(named).not.toBe(FLOATING);
    expect(await compared(FLOATING, named)).toEqual([KNOWN]);
    expect(await compared(named, FLOATING)).toEqual([KNOWN]);
    const elsewhere = named.replaceAll('namespace: shop', 'namespace: other');
    expect(await compared(FLOATING, elsewhere)).toEqual([NEW]);
    const unlimited = GOOD.replace(/limits: \{[^}]*\}/, 'limits: {}');
    expect(unlimited).not.toBe(GOOD);
    expect(await compared(unlimited, naming(unlimited))).toEqual([
      'warning workloads/memory-limits as-before',
    ]);
  });

  it('fails a second container with the fault of the first, though the field is the same', async () => {
    const both = deployment({ container: second('b:latest') }).replace('shop/api:1.2', 'shop/api:latest');
    expect(await compared(FLOATING, both + budget)).toContain(NEW);
  });

  it('does not fail what is left of a fault of which a part was corrected', async () => {
    const both = deployment({ container: second('b:latest') }).replace('shop/api:1.2', 'shop/api:latest');
    expect(await compared(both + budget, FLOATING)).toEqual([KNOWN]);
    const onlySecond = deployment({ container: second('b:latest') }) + budget;
    expect((await compared(both + budget, onlySecond)).filter(text => text.includes('fixed-images'))).toEqual(
      [KNOWN],
    );
  });

  it('fails a second finding of a field that had one', async () => {
    const one = `${GOOD}---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec:\n  rules:\n    - http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: gone, port: { number: 80 } } } }] }\n`;
    const two = `${one}    - http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: gone, port: { number: 80 } } } }] }\n`;
    expect(await compared(one, one, 'references')).toEqual(['warning references/ingress-backend as-before']);
    expect(await compared(one, two, 'references')).toEqual([
      'error references/ingress-backend',
      'warning references/ingress-backend as-before',
    ]);
  });

  it('sees what the removal of an object breaks', async () => {
    const service =
      '---\napiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: http }] }\n';
    expect(await compared(GOOD + service, service.slice(4), 'references')).toEqual([
      'error references/service-selects-nothing',
    ]);
    expect(await compared(service.slice(4), service.slice(4), 'references')).toEqual([
      'warning references/service-selects-nothing as-before',
    ]);
  });

  it('fails everything where nothing existed before', async () => {
    expect(told(await checkYaml({ manifests: FLOATING, packs: ['workloads: new'], before: [] }))).toEqual([
      NEW,
    ]);
  });
});

describe('every rule about containers and the like tells one fault from two', () => {
  const container = (name: string, fields: string): string =>
    `    - { name: ${name}, ${[...(fields.includes('image') ? [] : ['image: "a:1"']), fields].filter(text => text !== '').join(', ')} }\n`;
  const pod = (spec: string, first: string, second: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  ${spec}\n  containers:\n${container('one', first)}${container('two', second)}`;
  const ofContainers: Readonly<Record<string, string>> = {
    'pod-security/baseline/privileged': 'securityContext: { privileged: true }',
    'pod-security/baseline/capabilities': 'securityContext: { capabilities: { add: [SYS_ADMIN] } }',
    'pod-security/baseline/host-ports': 'ports: [{ containerPort: 80, hostPort: 80 }]',
    'pod-security/baseline/probe-hosts': 'livenessProbe: { httpGet: { port: 1, host: b } }',
    'pod-security/baseline/selinux-options': 'securityContext: { seLinuxOptions: { type: spc_t } }',
    'pod-security/baseline/proc-mount': 'securityContext: { procMount: Unmasked }',
    'pod-security/baseline/seccomp-profile': 'securityContext: { seccompProfile: { type: Unconfined } }',
    'pod-security/baseline/apparmor-profile': 'securityContext: { appArmorProfile: { type: Unconfined } }',
    'pod-security/baseline/windows-host-process':
      'securityContext: { windowsOptions: { hostProcess: true } }',
    'pod-security/restricted/privilege-escalation': '',
    'pod-security/restricted/drop-capabilities': '',
    'pod-security/restricted/run-as-non-root': '',
    'pod-security/restricted/run-as-user': 'securityContext: { runAsUser: 0 }',
    'pod-security/restricted/require-seccomp-profile': '',
    'workloads/fixed-images': 'image: "a:latest"',
    'workloads/requests': '',
    'workloads/memory-limits': '',
    'workloads/no-root': '',
    'workloads/read-only-root': '',
    'workloads/dropped-capabilities': '',
  };
  const RIGHT = `securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, readOnlyRootFilesystem: true, seccompProfile: { type: RuntimeDefault }, capabilities: { drop: [ALL] } }, resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }`;
  const of = async (rule: string, before: string, manifests: string) => {
    const pack = rule.slice(0, rule.lastIndexOf('/'));
    const found = await checkYaml({
      ...{ manifests, packs: [`${pack}: new`], before: objects(before), kubernetesVersion: '1.34' },
    });
    return found.filter(finding => finding.rule === rule).map(({ severity }) => severity);
  };
  const judged = async (rule: string, before: string, both: string, left: string) => ({
    same: await of(rule, before, before),
    worse: await of(rule, before, both),
    stillBoth: await of(rule, both, both),
    better: await of(rule, both, before),
    otherBetter: await of(rule, both, left),
  });
  const EXPECTED = {
    ...{ same: ['warning'], worse: ['error'], stillBoth: ['warning'] },
    ...{ better: ['warning'], otherBetter: ['warning'] },
  };

  it.each(Object.entries(ofContainers))('%s', async (rule, wrong) => {
    const SPEC = 'hostUsers: true';
    expect(
      await judged(rule, pod(SPEC, wrong, RIGHT), pod(SPEC, wrong, wrong), pod(SPEC, RIGHT, wrong)),
    ).toEqual(EXPECTED);
  });

  it.each([
    ['pod-security/baseline/host-namespaces', ['hostNetwork: true', 'hostPID: true'], '@'],
    [
      'pod-security/baseline/host-path-volumes',
      ['{ name: a, hostPath: { path: /a } }', '{ name: b, hostPath: { path: /b } }'],
      'volumes: [@]',
    ],
    [
      'pod-security/restricted/volume-types',
      ['{ name: a, nfs: { server: a, path: / } }', '{ name: b, nfs: { server: a, path: / } }'],
      'volumes: [@]',
    ],
    [
      'pod-security/baseline/sysctls',
      ['{ name: kernel.a, value: "1" }', '{ name: kernel.b, value: "1" }'],
      'securityContext: { sysctls: [@] }',
    ],
  ])('%s', async (rule, [first = '', second = ''], where) => {
    const both = where === '@' ? `${first}\n  ${second}` : `${first}, ${second}`;
    const [one, two, other] = [first, both, second].map(text => pod(where.replace('@', text), RIGHT, RIGHT));
    expect(await judged(rule, one ?? '', two ?? '', other ?? '')).toEqual(EXPECTED);
  });

  it.each([
    ['workloads/requests', 'resources: { requests: { cpu: 1 } }', ''],
    [
      'pod-security/baseline/capabilities',
      'securityContext: { capabilities: { add: [SYS_PTRACE] } }',
      'securityContext: { capabilities: { add: [SYS_PTRACE, SYS_ADMIN] } }',
    ],
    [
      'pod-security/restricted/drop-capabilities',
      '',
      'securityContext: { capabilities: { add: [SYS_ADMIN] } }',
    ],
    [
      'pod-security/baseline/host-ports',
      'ports: [{ containerPort: 80, hostPort: 80 }]',
      'ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 81, hostPort: 81 }]',
    ],
  ])('%s, in one container', async (rule, less, more) => {
    const [before, after] = [less, more].map(wrong => pod('hostUsers: true', wrong, RIGHT));
    expect([await of(rule, before ?? '', after ?? ''), await of(rule, after ?? '', before ?? '')]).toEqual([
      ['error'],
      ['warning'],
    ]);
  });

  it.each([
    [
      'pod-security/baseline/probe-hosts',
      'livenessProbe: { httpGet: { port: 1, host: b } }',
      'livenessProbe: { httpGet: { port: 1, host: c } }',
    ],
    [
      'pod-security/baseline/selinux-options',
      'securityContext: { seLinuxOptions: { type: spc_t } }',
      'securityContext: { seLinuxOptions: { type: unconfined_t } }',
    ],
    [
      'pod-security/baseline/selinux-options',
      'securityContext: { seLinuxOptions: { user: x } }',
      'securityContext: { seLinuxOptions: { role: x } }',
    ],
    [
      'pod-security/baseline/capabilities',
      'securityContext: { capabilities: { add: [SYS_PTRACE] } }',
      'securityContext: { capabilities: { add: [SYS_ADMIN] } }',
    ],
  ])('%s: another forbidden value is new, and the same is not', async (rule, one, other) => {
    const [before, after] = [one, other].map(wrong => pod('hostUsers: true', wrong, RIGHT));
    expect([await of(rule, before ?? '', after ?? ''), await of(rule, before ?? '', before ?? '')]).toEqual([
      ['error'],
      ['warning'],
    ]);
  });

  it.each([
    ['{ type: spc_t }', '{ type: unconfined_t }'],
    ['{ type: spc_t, user: a }', '{ type: spc_t, user: b }'],
  ])(
    'pod-security/baseline/selinux-options of the pod: another forbidden value is new',
    async (one, other) => {
      const rule = 'pod-security/baseline/selinux-options';
      const [before, after] = [one, other].map(options =>
        pod(`securityContext: { seLinuxOptions: ${options} }`, RIGHT, RIGHT),
      );
      expect([await of(rule, before ?? '', after ?? ''), await of(rule, before ?? '', before ?? '')]).toEqual(
        [['error'], ['warning']],
      );
    },
  );

  it('takes a value that was made to look like the text around it for new', async () => {
    const rule = 'pod-security/baseline/probe-hosts';
    const probe = (host: string): string =>
      pod('hostUsers: true', `livenessProbe: { httpGet: { port: 1, host: '${host}' } }`, RIGHT);
    for (const host of ['b), "two" (b', 'c)', '(b', 'b" (b'])
      expect(await of(rule, probe('b'), probe(host))).toEqual(['error']);
  });

  it('takes a name that was made to look like the text around it for a name', async () => {
    const rule = 'pod-security/baseline/privileged';
    const wrong = 'securityContext: { privileged: true }';
    const before = pod('hostUsers: true', wrong, RIGHT);
    for (const name of ['must', 'container', 'the-pod'])
      expect(
        await of(rule, before, pod('hostUsers: true', wrong, wrong).replace('name: two', `name: ${name}`)),
      ).toEqual(['error']);
  });

  it('takes what is too much to be said for new', async () => {
    const many = (count: number): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n${Array.from({ length: count }, (_, index) => `    - { name: container-number-${index}, image: a, securityContext: { privileged: true } }\n`).join('')}`;
    expect(await of('pod-security/baseline/privileged', many(100), many(101))).toEqual(['error']);
    expect(await of('pod-security/baseline/privileged', many(500), many(501))).toEqual(['error']);
  });
});
