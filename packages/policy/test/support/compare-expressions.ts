import type { KubernetesObject } from '@slipway/kubernetes';
import { ADMISSION, type ApiServer, createAll, policyWarnings, until } from '@slipway/testkit/cluster';
import { compilePolicy } from '../../src/policies/compile-policy.ts';
import type { PolicySpec, ValidationSpec } from '../../src/resources/types.ts';
import { bindingOf, ownMessages, policyNamed } from './parity.ts';

/** An API server cuts its warnings when they are many or long, so that a policy holds few. */
const BATCH = 6;
const SENTINEL = 'the sentinel speaks';
const CONCURRENCY = 8;

export interface Difference {
  readonly expressions: readonly string[];
  readonly own: unknown;
  readonly server: unknown;
}

export interface Comparison {
  /** Each expression counts once for whether it compiles, and once for what it gives. */
  readonly comparisons: number;
  readonly differences: readonly Difference[];
}

export interface Setting {
  readonly server: ApiServer;
  readonly namespace: string;
  /** The server's minor version. */
  readonly minor: number;
}

const variables = [
  { name: 'three', expression: '3' },
  { name: 'names', expression: 'object.spec.template.spec.containers.map(c, c.name)' },
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

function deployment(namespace: string, batch: string): KubernetesObject {
  const containers = [
    { name: 'main', image: 'nginx:1' },
    { name: 'side', image: 'nginx' },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'parity-object', namespace, labels: { app: 'parity', batch } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'a' } },
      template: { metadata: { labels: { app: 'a' } }, spec: { containers } },
    },
  };
}

/** Whether expressions compile, and what they give, here and on an API server. */
export async function compareExpressions(
  expressions: readonly string[],
  { server, namespace, minor }: Setting,
): Promise<Comparison> {
  const differences: Difference[] = [];
  const taken: ValidationSpec[] = [];
  await eachOf(expressions, async source => {
    const forms: ValidationSpec[] = [
      { expression: source, message: `false: ${source.slice(0, 200)}` },
      { expression: 'false', messageExpression: source },
    ];
    const problems = forms.map(form => problemOf(form, minor));
    const form = (
      problems[0] !== undefined && problems[1] === undefined ? forms[1] : forms[0]
    ) as ValidationSpec;
    const own = problems[0] !== undefined && problems[1] !== undefined ? problems[0] : undefined;
    const refusal = await refusalOf(form, server);
    if ((own === undefined) !== (refusal === undefined))
      differences.push({ expressions: [source], own: own ?? 'compiles', server: refusal ?? 'takes it' });
    else if (own === undefined) taken.push(form);
  });
  const run = Date.now().toString(36);
  const batches = Array.from({ length: Math.ceil(taken.length / BATCH) }, (_, index) => {
    const validations = taken.slice(index * BATCH, (index + 1) * BATCH);
    const name = `random-${run}-${index}`;
    const all = [...validations, { expression: 'false', message: SENTINEL }];
    return { name, validations, objects: [policyNamed(name, specOf(name, all)), bindingOf(name)] };
  });
  await eachOf(batches, ({ objects }) => createAll(server, objects));
  await eachOf(batches, async ({ name, validations, objects }) => {
    const object = deployment(namespace, name);
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`;
    const ask = async () =>
      policyWarnings((await server.send('POST', path, object)).warnings).map(withoutPanics);
    await until(async () => (await ask()).includes(SENTINEL));
    const theirs = await ask();
    const panicked = theirs.filter(text => text.endsWith(PANICKED));
    const own = (await ownMessages(object, objects, namespace, `1.${minor}`)).map(text => {
      const same = panicked.find(panic => text.startsWith(panic.slice(0, -PANICKED.length)));
      return same ?? text;
    });
    if (JSON.stringify(theirs) !== JSON.stringify(own)) {
      const written = validations.map(({ expression, messageExpression }) => messageExpression ?? expression);
      differences.push({
        expressions: written,
        own: own.filter(text => !theirs.includes(text)),
        server: theirs.filter(text => !own.includes(text)),
      });
    }
    await server.send('DELETE', `${ADMISSION}/validatingadmissionpolicybindings/${name}`);
    await server.send('DELETE', `${ADMISSION}/validatingadmissionpolicies/${name}`);
  });
  return { comparisons: expressions.length + taken.length, differences };
}

const PANICKED = ' resulted in error: (panicked)';

/** Some list functions of cel-go panic where they are given a failure; that both fail is what counts. */
function withoutPanics(text: string): string {
  return text.replace(/ resulted in error: internal error: interface conversion.*$/, PANICKED);
}

function problemOf(form: ValidationSpec, minor: number): string | undefined {
  return compilePolicy('one', specOf('one', [form]), minor).problems[0]?.message;
}

async function refusalOf(form: ValidationSpec, server: ApiServer): Promise<string | undefined> {
  const path = `${ADMISSION}/validatingadmissionpolicies?dryRun=All`;
  try {
    const { status, body } = await server.send('POST', path, policyNamed('one', specOf('one', [form])));
    return status < 300 ? undefined : String(body.message);
  } catch {
    // Its checker fails at a few expressions that chance makes, and it ends the connection: it does not take those either.
    return 'ends the connection';
  }
}

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
