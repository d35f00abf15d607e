import { isJsonObject, type JsonObject, type JsonValue, parseJsonIfAny } from '@slipway/core';
import { grants, type RoleRule } from '@slipway/kubernetes';
import { stringifyYaml } from '@slipway/yaml';
import type { Machine } from '../machine/machine.ts';
import { commandFailed, kubectl, kubectlArguments, outputOf } from '../outside/programs.ts';
import { shellCommand, withInput } from '../outside/shell.ts';
import { type Deployer, rulesIn } from './arrange.ts';
import type { Step } from './step.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** Whom a binding gives a Role to: https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-binding-v1/ */
export type Subject = JsonObject & {
  readonly kind: 'ServiceAccount' | 'User' | 'Group';
  readonly name: string;
};

export function accountOf({ home, purpose }: Deployer): Subject {
  return { kind: 'ServiceAccount', name: purpose.account, namespace: home };
}

/** What a cluster needs: namespaces, the account unless a cloud has it, a Role and its binding in each namespace. */
export function clusterSteps(deployer: Deployer, subject: Subject, machine: Machine): Step[] {
  const { namespaces, home } = deployer;
  return [
    ...namespaces.map(namespace => namespaceStep(deployer, namespace, machine)),
    ...(subject.kind === 'ServiceAccount' ? [accountStep(deployer, home, machine)] : []),
    ...namespaces.flatMap(namespace => [
      roleStep(deployer, namespace, machine),
      bindingStep(deployer, namespace, subject, machine),
    ]),
  ];
}

function namespaceStep({ context }: Deployer, namespace: string, machine: Machine): Step {
  const what = `Namespace ${namespace}`;
  const create = ['create', 'namespace', namespace];
  return {
    what,
    where: whereOf(context.name),
    // Whoever may not look at namespaces may have been given one; if there is none, the next step says so.
    script: createUnlessThere(context.name, ['get', 'namespace', namespace], create, ' || :'),
    async carryOut() {
      const found = await kubectl(machine, context.name, [
        ...['get', 'namespace', namespace, '--ignore-not-found', '-o', 'json'],
      ]);
      // Whoever may not look at namespaces may have been given one; if there is none, the next step says so.
      if (found.exitCode !== 0 && /\(Forbidden\)/.test(found.said))
        return {
          state: 'unchanged',
          warning: `whether the namespace ${namespace} exists is not known, as this user may not look at it`,
        };
      const text = outputOf(found, `looking at ${what}`);
      if (text.trim() !== '') return refuseTerminating(text, what);
      outputOf(await kubectl(machine, context.name, create), `creating ${what}`);
      return { state: 'done' };
    },
  };
}

function refuseTerminating(text: string, what: string): { readonly state: 'unchanged' } {
  const value = parseJsonIfAny(text);
  const metadata = isJsonObject(value) && isJsonObject(value['metadata']) ? value['metadata'] : {};
  if (metadata['deletionTimestamp'] === undefined) return { state: 'unchanged' };
  throw commandFailed(`looking at ${what}`, { exitCode: 1, stdout: '', said: 'it is being deleted' });
}

function accountStep({ context, purpose }: Deployer, namespace: string, machine: Machine): Step {
  const what = `ServiceAccount ${namespace}/${purpose.account}`;
  const name = [purpose.account, `--namespace=${namespace}`];
  const create = ['create', 'serviceaccount', ...name];
  return {
    what,
    where: whereOf(context.name),
    script: createUnlessThere(context.name, ['get', 'serviceaccount', ...name], create),
    async carryOut() {
      const look = ['get', 'serviceaccount', ...name, '--ignore-not-found', '-o', 'name'];
      const found = outputOf(await kubectl(machine, context.name, look), `looking at ${what}`);
      if (found.trim() !== '') return { state: 'unchanged' };
      outputOf(await kubectl(machine, context.name, create), `creating ${what}`);
      return { state: 'done' };
    },
  };
}

function roleStep(deployer: Deployer, namespace: string, machine: Machine): Step {
  const rules = rulesIn(deployer, namespace);
  const role: JsonObject = {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name: deployer.purpose.account, namespace },
    rules: [...rules],
  };
  const isEnough = (live: JsonObject): boolean => missingRules(rules, live['rules']).length === 0;
  return reconciled(deployer, role, namespace, machine, isEnough);
}

function bindingStep(deployer: Deployer, namespace: string, subject: Subject, machine: Machine): Step {
  const isAccount = subject.kind === 'ServiceAccount';
  const { account } = deployer.purpose;
  const binding: JsonObject = {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name: account, namespace },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: account },
    subjects: [isAccount ? subject : { apiGroup: RBAC, ...subject }],
  };
  const isSubject = (value: JsonValue): boolean =>
    isJsonObject(value) && ['kind', 'name', 'namespace'].every(key => value[key] === subject[key]);
  return reconciled(deployer, binding, namespace, machine, live => {
    const { roleRef, subjects } = live;
    const isBound = isJsonObject(roleRef) && roleRef['kind'] === 'Role' && roleRef['name'] === account;
    return isBound && Array.isArray(subjects) && subjects.some(isSubject);
  });
}

/** Which of some rules others do not grant. */
export function missingRules(wanted: readonly RoleRule[], rules: JsonValue | undefined): JsonObject[] {
  const live = (Array.isArray(rules) ? rules : []).filter(isJsonObject);
  return wanted.flatMap(({ apiGroups: [group = ''], resources, verbs }) =>
    resources.flatMap(resource => {
      const lacking = verbs.filter(verb => !live.some(one => grants(one, { group, resource, verb })));
      return lacking.length === 0 ? [] : [{ apiGroups: [group], resources: [resource], verbs: lacking }];
    }),
  );
}

/** Adds to a Role or binding what it lacks and removes nothing, which `kubectl apply` would. */
function reconciled(
  { context, purpose: { account } }: Deployer,
  object: JsonObject,
  namespace: string,
  machine: Machine,
  isEnough: (live: JsonObject) => boolean,
): Step {
  const kind = String(object['kind']);
  const what = `${kind} ${namespace}/${account}`;
  const text = compactYaml(object);
  const reconcile = ['auth', 'reconcile', '-f', '-'];
  return {
    what,
    where: whereOf(context.name),
    script: withInput(shellCommand('kubectl', kubectlArguments(context.name, reconcile)), text),
    async carryOut() {
      const look = ['get', kind.toLowerCase(), account, `--namespace=${namespace}`, '--ignore-not-found'];
      const found = await kubectl(machine, context.name, [...look, '-o', 'json']);
      const live = parseJsonIfAny(outputOf(found, `looking at ${what}`));
      if (isJsonObject(live) && isEnough(live)) return { state: 'unchanged' };
      outputOf(await kubectl(machine, context.name, reconcile, text), `writing ${what}`);
      return { state: 'done' };
    },
  };
}

/** A manifest with a line for each rule. */
function compactYaml({ rules, ...object }: JsonObject): string {
  const lines = (Array.isArray(rules) ? rules : []).map(rule => `  - ${JSON.stringify(rule)}\n`);
  return `${stringifyYaml(object)}${lines.length === 0 ? '' : `rules:\n${lines.join('')}`}`;
}

export function whereOf(context: string): string {
  return `context ${context}`;
}

function createUnlessThere(
  context: string,
  look: readonly string[],
  create: readonly string[],
  otherwise = '',
): string[] {
  const [found, made] = [look, create].map(args => shellCommand('kubectl', kubectlArguments(context, args)));
  return [`${found} > /dev/null 2>&1 ||`, `  ${made}${otherwise}`];
}
