import { defined, type Finding, formatPointer, quote, type SourceDocument } from '@slipway/core';
import {
  annotationsOf,
  apiGroup,
  FIX,
  isKubernetesObject,
  type KubernetesObject,
  SIGN_OFF,
} from '@slipway/kubernetes';
import { findingAt } from '../findings.ts';
import { API_GROUP, BINDING, POLICY } from '../resources/kinds.ts';
import { minorOf } from '../schemas/built-in.ts';
import type { Catalog } from '../schemas/catalog.ts';
import { parseApprovers } from '../sign-off.ts';
import { isWaiver } from '../waivers.ts';
import type { Binding, BoundPolicy } from './bound-policy.ts';
import { compilePolicy, Programs } from './compile-policy.ts';
import { type Entry, type ReadBinding, type ReadPolicy, readBinding, readPolicy } from './read-resource.ts';
import { coversNothing, strangeEntry } from './silent-entries.ts';
import { checkTypes, type TypeProblem } from './type-check.ts';

export interface PolicySet {
  readonly policies: readonly BoundPolicy[];
  /** What is wrong with the policies themselves. */
  readonly findings: readonly Finding[];
  /** Everything else beside the policies: parameters, namespaces, definitions of custom resources. */
  readonly objects: readonly KubernetesObject[];
}

/** Reads policies and bindings, and checks them as the API server does before it accepts them. */
export function readPolicySet(documents: readonly SourceDocument[], catalog: Catalog): PolicySet {
  const findings: Finding[] = [];
  const entries = documents.flatMap((document): Entry[] => readEntry(document, findings));
  const isPolicyKind = ({ object }: Entry): boolean =>
    apiGroup(object.apiVersion) === API_GROUP && (object.kind === POLICY || object.kind === BINDING);
  const read = entries.filter(isPolicyKind);
  const policies = read
    .filter(({ object }) => object.kind === POLICY)
    .map(entry => readPolicy(entry, catalog));
  const bindings = read
    .filter(({ object }) => object.kind === BINDING)
    .map(entry => readBinding(entry, catalog));
  for (const one of [...policies, ...bindings]) reportProblems(one, findings);
  findings.push(...[...policies, ...bindings].flatMap(one => coversNothing(one, catalog)));
  const named = bindings.map(read => ({ read, binding: bindingOf(read, findings) }));
  const programs = new Programs();
  const bound = policies.flatMap((policy): BoundPolicy[] => {
    const own = named.filter(({ binding }) => binding.spec.policyName === policy.name);
    const compiled = compile(policy, catalog, programs, findings);
    if (own.length === 0) reportUnbound(policy.name, policy.document, findings);
    if (compiled === undefined) return [];
    // An API server takes no binding with a problem, which has been reported.
    const taken = own.filter(({ read }) => read.problems.length === 0);
    return [{ ...compiled, bindings: taken.map(({ binding }) => binding) }];
  });
  reportStrayBindings(bindings, new Set(policies.map(({ name }) => name)), findings);
  const others = entries.filter(entry => !isPolicyKind(entry));
  const parameters = new Set(policies.map(({ spec }) => spec.paramKind?.kind));
  findings.push(...others.flatMap(entry => strangeEntry(entry, parameters, catalog)));
  return { policies: bound, findings, objects: others.map(({ object }) => object) };
}

function readEntry(document: SourceDocument, findings: Finding[]): Entry[] {
  if (document.value === null) return [];
  // Waivers are stored among policies, and are read separately.
  if (isWaiver(document)) return [];
  if (isKubernetesObject(document.value)) return [{ document, object: document.value }];
  findings.push(
    findingAt(
      document.positionOf([]),
      {
        rule: 'policy/invalid',
        severity: 'error',
        message: 'this is not a Kubernetes object: it needs apiVersion, kind and metadata.name',
        fix: 'write a ValidatingAdmissionPolicy, a binding or a parameter, or move the file elsewhere',
        subject: ['document', document.index],
      },
      {},
    ),
  );
  return [];
}

function reportProblems(
  { document, object, name, problems }: ReadPolicy | ReadBinding,
  findings: Finding[],
): void {
  for (const { message, fix, path, rule } of problems)
    findings.push(
      findingAt(
        rule === 'schema/unknown-field' ? document.keyPositionOf(path) : document.positionOf(path),
        {
          rule: 'policy/invalid',
          severity: 'error',
          message: `${object.kind} ${quote(name)}: ${message}`,
          ...defined({ fix }),
          subject: [object.kind, name, ...(rule === undefined ? [] : [rule]), ...path],
        },
        {},
      ),
    );
}

function bindingOf(read: ReadBinding, findings: Finding[]): Binding {
  const { name, spec } = read;
  return { name, spec, ...defined({ signOff: readApprovers(read, findings) }) };
}

/** No one could satisfy a broken annotation, so the finding is an error and not a sign-off. */
function readApprovers(
  { object, document, name }: ReadBinding,
  findings: Finding[],
): readonly string[] | undefined {
  const annotation = annotationsOf(object)[SIGN_OFF];
  const approvers = annotation === undefined ? undefined : parseApprovers(annotation);
  if (annotation !== undefined && approvers === undefined)
    findings.push(
      findingAt(
        document.positionOf(['metadata', 'annotations', SIGN_OFF]),
        {
          rule: 'policy/invalid',
          severity: 'error',
          message: `binding ${quote(name)} does not name anyone who may sign off`,
          fix: 'list GitHub users and teams, such as "ada, acme/operators"',
          subject: [BINDING, name, 'annotations', SIGN_OFF],
        },
        {},
      ),
    );
  return approvers;
}

/** Undefined if an API server would not take the policy, which has then been reported. */
function compile(
  { document, object, name, spec, problems: known }: ReadPolicy,
  catalog: Catalog,
  programs: Programs,
  findings: Finding[],
): Omit<BoundPolicy, 'bindings'> | undefined {
  const minor = minorOf(catalog.version);
  const { policy, problems } = compilePolicy(name, spec, minor, programs);
  const reported = new Set(known.map(({ path }) => formatPointer(path)));
  for (const { message, path } of problems.filter(({ path }) => !reported.has(formatPointer(path))))
    findings.push(
      findingAt(
        document.positionOf(path),
        {
          rule: 'policy/does-not-compile',
          severity: 'error',
          message: `policy ${quote(name)}: ${message}`,
          fix: 'correct the expression; Kubernetes would reject the policy too',
          subject: [POLICY, name, ...path],
        },
        {},
      ),
    );
  if (policy === undefined || known.length > 0) return undefined;
  reportTypes(name, document, checkTypes(spec, catalog, minor), findings);
  const fix = annotationsOf(object)[FIX];
  return { name, spec, rule: name, document, compiled: () => policy, ...defined({ fix }) };
}

/** Notices, because they change no verdict: an API server accepts the policy, and a rule about several kinds may intend each part of it for one of them. */
function reportTypes(
  name: string,
  document: SourceDocument,
  problems: readonly TypeProblem[],
  findings: Finding[],
): void {
  for (const { message, path, kinds } of problems)
    findings.push(
      findingAt(
        document.positionOf(path),
        {
          rule: 'policy/type-mismatch',
          severity: 'notice',
          message: `policy ${quote(name)} does not fit the schema ${message}`,
          fix: 'correct the expression, guard it with has(), or narrow matchConstraints',
          subject: [POLICY, name, ...path, ...kinds],
        },
        {},
      ),
    );
}

function reportUnbound(name: string, document: SourceDocument, findings: Finding[]): void {
  findings.push(
    findingAt(
      document.positionOf(['metadata', 'name']),
      {
        rule: 'policy/unbound',
        severity: 'warning',
        message: `policy ${quote(name)} has no effect, because no binding names it`,
        fix: `add a ${BINDING} with policyName: ${name}`,
        subject: [POLICY, name],
      },
      {},
    ),
  );
}

function reportStrayBindings(
  bindings: readonly ReadBinding[],
  policies: ReadonlySet<string>,
  findings: Finding[],
): void {
  for (const { document, name, spec } of bindings) {
    const { policyName = '' } = spec;
    if (policyName === '' || policies.has(policyName)) continue;
    findings.push(
      findingAt(
        document.positionOf(['spec', 'policyName']),
        {
          rule: 'policy/unbound',
          severity: 'warning',
          message: `binding ${quote(name)} names the policy ${quote(policyName)}, which is missing`,
          fix: 'put the policy beside it, or correct the name',
          subject: [BINDING, name, policyName],
        },
        {},
      ),
    );
  }
}
