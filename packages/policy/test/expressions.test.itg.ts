import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { ADMISSION, createAll, policyWarnings, until } from '@slipway/testkit/cluster';
import { compilePolicy } from '../src/policies/compile-policy.ts';
import type { PolicySpec, ValidationSpec } from '../src/resources/types.ts';
import { expressions } from './support/expressions.ts';
import { bindingOf, ownMessages, policyNamed } from './support/parity.ts';
import { rareExpressions } from './support/rare-expressions.ts';

const cluster = useCluster();

const START = 600_000;
const VERSION = '1.36';
const MINOR = 36;
const NAMESPACE = 'expressions';
/** An API server cuts its warnings when they are many, so that a policy holds few. */
const BATCH = 8;
const SENTINEL = 'the sentinel speaks';

interface Expression {
  readonly validation: ValidationSpec;
  /** Undefined if it compiles here. */
  readonly problem: string | undefined;
}

const server = useApiServer(() => cluster.kubeconfig, NAMESPACE);

beforeAll(async () => {
  // All of them at once, as the API server takes a moment before it enforces what is new.
  const batches = topics.flatMap(topic => topic.batches);
  await createAll(
    server,
    batches.flatMap(({ objects }) => objects),
  );
  for (const { name } of batches)
    await until(async () => policyWarnings((await send(deployment(name))).warnings).includes(SENTINEL));
}, START);

const variables = [
  { name: 'three', expression: '3' },
  { name: 'names', expression: 'object.spec.template.spec.containers.map(c, c.name)' },
  { name: 'broken', expression: 'object.spec.nothing' },
  { name: 'hundred', expression: 'lists.range(100)' },
];

function specOf(label: string, validations: readonly ValidationSpec[]): PolicySpec {
  const rule = {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    operations: ['CREATE'],
    resources: ['deployments'],
  };
  return {
    matchConstraints: { resourceRules: [rule], objectSelector: { matchLabels: { batch: label } } },
    variables,
    validations,
  };
}

/** A condition is a validation of its own; a text is the message of one that always fails. */
function readExpression(source: string): Expression {
  const forms: ValidationSpec[] = [
    { expression: source, message: `false: ${source.slice(0, 120)}` },
    { expression: 'false', messageExpression: source },
  ];
  const problems = forms.map(form => compilePolicy('one', specOf('one', [form]), MINOR).problems[0]?.message);
  const [condition, text] = forms as [ValidationSpec, ValidationSpec];
  return problems[0] !== undefined && problems[1] === undefined
    ? { validation: text, problem: undefined }
    : { validation: condition, problem: problems[0] };
}

function deployment(batch: string): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'parity-object', namespace: NAMESPACE, labels: { app: 'parity', batch } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'a' } },
      template: {
        metadata: { labels: { app: 'a' } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'nginx:1',
              ports: [{ containerPort: 80 }],
              resources: { limits: { memory: '128Mi', cpu: 1.5 } },
            },
            { name: 'side', image: 'nginx' },
          ],
        },
      },
    },
  };
}

function send(object: KubernetesObject) {
  return server.send('POST', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments?dryRun=All`, object);
}

interface Topic {
  readonly title: string;
  readonly sources: readonly string[];
  readonly read: readonly Expression[];
  readonly batches: readonly { readonly name: string; readonly objects: readonly KubernetesObject[] }[];
}

function readTopic([title, sources]: readonly [string, readonly string[]]): Topic {
  const read = sources.map(readExpression);
  const good = read.filter(({ problem }) => problem === undefined).map(({ validation }) => validation);
  const batches = Array.from({ length: Math.ceil(good.length / BATCH) }, (_, index) => {
    const name = `${title.toLowerCase().replace(/[^a-z]+/g, '-')}-${index}`;
    const validations = good.slice(index * BATCH, (index + 1) * BATCH);
    const all = [...validations, { expression: 'false', message: SENTINEL }];
    return { name, objects: [policyNamed(name, specOf(name, all)), bindingOf(name)] };
  });
  return { title, sources, read, batches };
}

async function isRefused(validation: ValidationSpec): Promise<boolean> {
  const policy = policyNamed('one', specOf('one', [validation]));
  const path = `${ADMISSION}/validatingadmissionpolicies?dryRun=All`;
  return (await server.send('POST', path, policy)).status >= 300;
}

const topics = Object.entries({ ...expressions, ...rareExpressions }).map(readTopic);

describe.each(topics)('expressions about $title', ({ sources, read, batches }) => {
  it('compile here if and only if the API server takes them', async () => {
    const refused = await Promise.all(read.map(({ validation }) => isRefused(validation)));
    const own = read.map(({ problem }) => problem !== undefined);
    expect(sources.filter((_, index) => own[index])).toEqual(sources.filter((_, index) => refused[index]));
  });

  it('give what they give on the API server, message by message', async () => {
    for (const { name, objects } of batches) {
      const { warnings } = await send(deployment(name));
      const own = await ownMessages(deployment(name), objects, NAMESPACE, VERSION);
      expect(own).toEqual(policyWarnings(warnings));
    }
  });
});
