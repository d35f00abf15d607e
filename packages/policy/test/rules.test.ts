import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from '@slipway/yaml';
import { describeRules, helpUri, PACKS } from '../src/index.ts';
import { checkYaml } from './support/check-yaml.ts';

interface Example {
  readonly manifests?: boolean;
  readonly version?: string;
  readonly wrong: string;
  readonly right: string;
}

const url = new URL('../packs/examples.yaml', import.meta.url);
const examples = parseDocument(readFileSync(url, 'utf8'), 'examples.yaml').value as never as Record<
  string,
  Example
>;

/** What examples of references refer to. */
const neighbours = `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { containers: [{ name: api, image: "a:1", ports: [{ name: http, containerPort: 80 }] }] }
---
{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings }, data: { colour: red } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: credentials } }
---
{ apiVersion: v1, kind: ServiceAccount, metadata: { name: api } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: api }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

/** What examples refer to that are not about a Service of this name themselves. */
const service = `
---
apiVersion: v1
kind: Service
metadata: { name: api }
spec: { selector: { app: api }, ports: [{ port: 80 }] }
`;

function asManifests(text: string, { manifests }: Example): string {
  if (manifests === true) return text;
  const pod = text.replace(/^/gm, '      ');
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: example }
spec:
  selector: { matchLabels: { app: example } }
  template:
    metadata: { labels: { app: example } }
    spec:
${pod}`;
}

async function rulesOf(text: string, rule: string, example: Example): Promise<string[]> {
  const pack = rule.slice(0, rule.lastIndexOf('/'));
  const beside = text.includes('kind: Service\n') ? neighbours : neighbours + service;
  const manifests = asManifests(text, example) + (pack === 'references' ? beside : '');
  const kubernetesVersion = example.version ?? (rule.endsWith('/probe-hosts') ? '1.34' : '1.36');
  const found = await checkYaml({ manifests, packs: [pack], kubernetesVersion });
  expect(found.filter(finding => finding.rule.startsWith('schema/'))).toEqual([]);
  return found.map(finding => finding.rule);
}

describe('built-in rules', () => {
  const inPacks = [...describeRules()].filter(([page]) => PACKS.includes(page));
  const names = inPacks.flatMap(([pack, rules]) => rules.map(({ name }) => `${pack}/${name}`));

  it('have an example each, and no example is left over', () => {
    expect(Object.keys(examples).sort()).toEqual([...names].sort());
  });

  it('say why they are there and what to do, and have one name each', () => {
    for (const [page, rules] of describeRules()) {
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
      for (const { name, why, fix } of rules)
        expect([page, name, why.length > 10, fix.length > 5]).toEqual([page, name, true, true]);
    }
  });

  it.each(names)('find what the example of %s does wrong, and nothing in what is right', async rule => {
    const example = examples[rule];
    if (example === undefined) throw new Error(`no example of ${rule}`);
    const isThis = (found: string) => found === rule || found.startsWith(`${rule}/`);
    expect((await rulesOf(example.wrong, rule, example)).filter(isThis).length).toBeGreaterThan(0);
    expect((await rulesOf(example.right, rule, example)).filter(isThis)).toEqual([]);
  });

  it('have a page that a finding can point at, and those of others have none', () => {
    expect(helpUri('pod-security/restricted/run-as-non-root')).toMatch(
      /\/docs\/rules\/pod-security-restricted\.md#run-as-non-root$/,
    );
    expect(helpUri('workloads/requests/2/failed')).toMatch(/\/docs\/rules\/workloads\.md#requests$/);
    expect(helpUri('schema/unknown-field')).toMatch(/\/docs\/rules\/schema\.md#unknown-field$/);
    expect(helpUri('our-own-policy/1')).toBeUndefined();
  });
});
