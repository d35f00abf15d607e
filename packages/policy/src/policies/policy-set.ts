import { defined, type Finding, quote, type SourceDocument, textMap } from '@slipway/core';
import {
  annotationsOf,
  FIX,
  isKubernetesObject,
  type KubernetesObject,
  RULE,
  SIGN_OFF,
} from '@slipway/kubernetes';
import { findingAt } from '../findings.ts';
import { minorOf } from '../schemas/built-in.ts';
import type { Catalog } from '../schemas/catalog.ts';
import { validateObject } from '../schemas/validate.ts';
import { parseApprovers } from '../sign-off.ts';
import { isWaiver } from '../waivers.ts';
import { type CompiledPolicy, compilePolicy } from './compile-policy.ts';
import { type BindingSpec, type PolicySpec, specOf } from './resources.ts';
import { checkTypes, type TypeProblem } from './type-check.ts';

/** A policy with its bindings. */
export interface BoundPolicy {
  readonly policy: CompiledPolicy;
  /** The prefix of its findings' rules: `workloads/fixed-tags`, or the name of a user's policy. */
  readonly rule: string;
  readonly fix?: string;
  readonly bindings: readonly Binding[];
  /** Undefined for a built-in pack, whose files are not in the repository. */
  readonly document?: SourceDocument;
}

export interface Binding {
  readonly name: string;
  readonly spec: BindingSpec;
  /** Who may sign off, from the annotation `slipway.dev/sign-off`. */
  readonly signOff?: readonly string[];
}

export interface PolicySource {
  readonly documents: readonly SourceDocument[];
  /** The name of a built-in pack. */
  readonly pack?: string;
}

export interface PolicySet {
  readonly policies: readonly BoundPolicy[];
  /** What is wrong with the policies themselves. */
  readonly findings: readonly Finding[];
  /** Everything else beside the policies: parameters, namespaces, definitions of custom resources. */
  readonly objects: readonly KubernetesObject[];
}

const POLICY = 'ValidatingAdmissionPolicy';
const BINDING = 'ValidatingAdmissionPolicyBinding';
const API_VERSION = 'admissionregistration.k8s.io/v1';

interface Entry {
  readonly document: SourceDocument;
  readonly object: KubernetesObject;
}

/** Reads policies and bindings, and checks them as the API server does before it accepts them. */
export function readPolicySet(source: PolicySource, catalog: Catalog): PolicySet {
  const findings: Finding[] = [];
  const entries = source.documents.flatMap((document): Entry[] => readEntry(document, findings));
  const isPolicyKind = ({ object }: Entry): boolean =>
    object.apiVersion.startsWith('admissionregistration.k8s.io/') &&
    (object.kind === POLICY || object.kind === BINDING);
  const valid = entries.filter(isPolicyKind).filter(entry => isValid(entry, catalog, findings));
  const bindings = readBindings(valid, findings);
  const policies = readPolicies(valid, bindings, source.pack, catalog, findings);
  reportStrayBindings(valid, findings);
  return {
    policies,
    findings,
    objects: entries.filter(entry => !isPolicyKind(entry)).map(({ object }) => object),
  };
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

/** Checks a policy or binding against Kubernetes' own schema; earlier versions of the API have the same fields. */
function isValid({ document, object }: Entry, catalog: Catalog, findings: Finding[]): boolean {
  const kind = catalog.find(API_VERSION, object.kind);
  if (kind === undefined) return false;
  const problems = validateObject(object, kind, minorOf(catalog.version));
  for (const { message, fix, path, rule } of problems)
    findings.push(
      findingAt(
        rule === 'schema/unknown-field' ? document.keyPositionOf(path) : document.positionOf(path),
        {
          rule: 'policy/invalid',
          severity: 'error',
          message: `${object.kind} ${quote(object.metadata.name)}: ${message}`,
          ...defined({ fix }),
          subject: [object.kind, object.metadata.name, rule, ...path],
        },
        {},
      ),
    );
  return problems.length === 0;
}

function readBindings(entries: readonly Entry[], findings: Finding[]): Map<string, Binding[]> {
  const bindings = new Map<string, Binding[]>();
  for (const { document, object } of entries) {
    if (object.kind !== BINDING) continue;
    const spec = specOf<BindingSpec>(object);
    const policy = spec.policyName ?? '';
    const signOff = readApprovers(object, document, findings);
    const binding: Binding = {
      name: object.metadata.name,
      spec,
      ...defined({ signOff }),
    };
    bindings.set(policy, [...(bindings.get(policy) ?? []), binding]);
    const unknown = (spec.validationActions ?? []).filter(
      action => !['Deny', 'Warn', 'Audit'].includes(action),
    );
    if (unknown.length > 0 || (spec.validationActions ?? []).length === 0)
      findings.push(
        findingAt(
          document.positionOf(['spec', 'validationActions']),
          {
            rule: 'policy/invalid',
            severity: 'error',
            message: `binding ${quote(binding.name)} has no validationActions (Deny, Warn or Audit)`,
            fix: 'list at least one of them',
            subject: [BINDING, binding.name, 'spec', 'validationActions'],
          },
          {},
        ),
      );
  }
  return bindings;
}

/** No one could satisfy a broken annotation, so the finding is an error and not a sign-off. */
function readApprovers(
  { metadata }: KubernetesObject,
  document: SourceDocument,
  findings: Finding[],
): readonly string[] | undefined {
  const annotation = textMap(metadata['annotations'])[SIGN_OFF];
  const approvers = annotation === undefined ? undefined : parseApprovers(annotation);
  if (annotation !== undefined && approvers === undefined)
    findings.push(
      findingAt(
        document.positionOf(['metadata', 'annotations', SIGN_OFF]),
        {
          rule: 'policy/invalid',
          severity: 'error',
          message: `binding ${quote(metadata.name)} does not name anyone who may sign off`,
          fix: 'list GitHub users and teams, such as "ada, acme/operators"',
          subject: [BINDING, metadata.name, 'annotations', SIGN_OFF],
        },
        {},
      ),
    );
  return approvers;
}

function readPolicies(
  entries: readonly Entry[],
  bindings: ReadonlyMap<string, readonly Binding[]>,
  pack: string | undefined,
  catalog: Catalog,
  findings: Finding[],
): BoundPolicy[] {
  const minor = minorOf(catalog.version);
  return entries.flatMap(({ document, object }): BoundPolicy[] => {
    if (object.kind !== POLICY) return [];
    const name = object.metadata.name;
    const { policy, problems } = compilePolicy(name, specOf<PolicySpec>(object), document, minor);
    for (const { message, path } of problems)
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
    if (policy === undefined) return [];
    if (pack === undefined) reportTypes(name, document, checkTypes(policy.spec, catalog, minor), findings);
    const bound = bindings.get(name) ?? [];
    if (bound.length === 0) reportUnbound(name, document, findings);
    const annotations = annotationsOf(object);
    const fix = annotations[FIX];
    return [
      {
        policy,
        rule: pack === undefined ? name : `${pack}/${annotations[RULE] ?? name}`,
        bindings: bound,
        ...(pack === undefined ? { document } : {}),
        ...defined({ fix }),
      },
    ];
  });
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

function reportStrayBindings(entries: readonly Entry[], findings: Finding[]): void {
  const names = new Set(
    entries.filter(({ object }) => object.kind === POLICY).map(({ object }) => object.metadata.name),
  );
  for (const { document, object } of entries) {
    const policyName = specOf<BindingSpec>(object).policyName;
    if (object.kind !== BINDING || policyName === undefined || names.has(policyName)) continue;
    findings.push(
      findingAt(
        document.positionOf(['spec', 'policyName']),
        {
          rule: 'policy/unbound',
          severity: 'warning',
          message: `binding ${quote(object.metadata.name)} names the policy ${quote(policyName)}, which is missing`,
          fix: 'put the policy beside it, or correct the name',
          subject: [BINDING, object.metadata.name, policyName],
        },
        {},
      ),
    );
  }
}
