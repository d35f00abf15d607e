import { defined, quote, type Severity } from '@slipway/core';
import { isKubernetesObject, type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';
import type { Discovery } from '../findings.ts';
import type { Catalog } from '../schemas/catalog.ts';
import { type AdmissionRequest, isExempt } from './admission.ts';
import { blamedPointer } from './blame.ts';
import type { Binding, BoundPolicy } from './bound-policy.ts';
import { asVersion } from './equivalent.ts';
import { type Decision, evaluatePolicy, KnownVariables, type Params } from './evaluate-policy.ts';
import { type Match, matchResources } from './match.ts';
import { collectParams } from './params.ts';

export interface PolicyContext {
  readonly policies: readonly BoundPolicy[];
  /** The objects among which parameters are looked up. */
  readonly objects: readonly KubernetesObject[];
  readonly catalog: Catalog;
  /** The severity of a verdict that depends on what only a cluster knows. */
  readonly undecided: 'error' | 'warning';
}

/** What the policies find wrong with a request. */
export function runPolicies(request: AdmissionRequest, context: PolicyContext): Discovery[] {
  if (isExempt(request)) return [];
  const variables = new KnownVariables();
  return context.policies.flatMap(bound => runPolicy(bound, request, context, variables));
}

const ABSENCE = /resulted in error: .*\b(?:no such (?:key|overload)|expected iterable type)\b/;

/** Whether a policy could not be evaluated because the object has no such field, or one of another type. */
export function isAboutAbsence({ rule, message }: Discovery): boolean {
  return rule.endsWith('/failed') && ABSENCE.test(message);
}

function runPolicy(
  bound: BoundPolicy,
  sent: AdmissionRequest,
  context: PolicyContext,
  variables: KnownVariables,
): Discovery[] {
  const { catalog } = context;
  const matched = matchResources(bound.spec.matchConstraints ?? {}, sent, catalog);
  if (matched.verdict === 'no') return [];
  const other = matched.verdict === 'yes' ? matched.as : undefined;
  const request = other === undefined ? sent : asVersion(sent, other);
  return bound.bindings.flatMap(binding => {
    const bindingMatched = matchResources(binding.spec.matchResources ?? {}, sent, catalog);
    if (bindingMatched.verdict === 'no') return [];
    const unknown = [matched, bindingMatched].find(match => match.verdict === 'unknown');
    return runBinding(bound, binding, request, context, { unknown, variables });
  });
}

function runBinding(
  bound: BoundPolicy,
  binding: Binding,
  request: AdmissionRequest,
  context: PolicyContext,
  { unknown, variables }: { readonly unknown: Match | undefined; readonly variables: KnownVariables },
): Discovery[] {
  const collected = collectParams(
    bound.spec.paramKind,
    binding.spec.paramRef,
    request,
    context.objects,
    context.catalog,
  );
  const report = (decision: Decision, params: Params): Discovery[] =>
    discover(bound, binding, request, context, overrule(decision, unknown), params);
  if ('failure' in collected)
    return report({ kind: 'failed', message: `failed to configure binding: ${collected.failure}` }, null);
  return collected.params.flatMap(params =>
    evaluatePolicy(bound.compiled(), request, params, variables).flatMap(decision =>
      report(decision, params),
    ),
  );
}

/** A decision that applies only under a condition that is not known is itself undecided. */
function overrule(decision: Decision, unknown: Match | undefined): Decision {
  if (unknown?.verdict !== 'unknown') return decision;
  return {
    ...decision,
    kind: 'undecided',
    message: `${decision.message}, if the policy applies, which depends on ${unknown.subject}`,
  };
}

function discover(
  bound: BoundPolicy,
  binding: Binding,
  request: AdmissionRequest,
  context: PolicyContext,
  decision: Decision,
  params: Params,
): Discovery[] {
  const severity = severityOf(bound, binding, decision, context.undecided);
  const several = (bound.spec.validations ?? []).length > 1 && decision.validation !== undefined;
  const rule = several ? `${bound.rule}/${(decision.validation ?? 0) + 1}` : bound.rule;
  const pointer =
    decision.validation === undefined
      ? ''
      : blamedPointer(bound.compiled(), request, params, decision.validation);
  return [
    {
      // A suffix, so that a waiver of the rule covers neither a failed nor an undecided evaluation.
      rule: decision.kind === 'deny' ? rule : `${rule}/${decision.kind}`,
      severity,
      message: messageOf(decision, bound, binding),
      pointer,
      ...(bound.fix === undefined || decision.kind !== 'deny' ? {} : { fix: bound.fix }),
      ...relatedTo(bound, decision),
      ...defined({ level: bound.level }),
      subject: [binding.name, ...nameOf(params)],
      ...(severity === 'sign-off' && binding.signOff !== undefined ? { approvers: binding.signOff } : {}),
    },
  ];
}

function nameOf(params: Params): string[] {
  if (typeof params !== 'object' || params === null || !isKubernetesObject(params)) return [];
  return [objectKey(referenceTo(params))];
}

const ORDER: readonly Severity[] = ['notice', 'warning', 'sign-off', 'error'];

function severityOf(
  { spec }: BoundPolicy,
  binding: Binding,
  { kind }: Decision,
  undecided: Severity,
): Severity {
  // An API server admits a request for which such a policy fails; its author must still be told.
  if (kind === 'failed') return spec.failurePolicy === 'Ignore' ? 'warning' : 'error';
  const asked = actionSeverity(binding);
  return kind === 'undecided' && ORDER.indexOf(undecided) < ORDER.indexOf(asked) ? undecided : asked;
}

function actionSeverity({ spec, signOff }: Binding): Severity {
  const actions = spec.validationActions ?? [];
  if (actions.includes('Deny')) return signOff === undefined ? 'error' : 'sign-off';
  return actions.includes('Warn') ? 'warning' : 'notice';
}

function messageOf({ kind, message }: Decision, { name, spec }: BoundPolicy, { signOff }: Binding): string {
  if (kind === 'undecided') return `undecided: ${message}`;
  if (kind === 'failed') {
    const consequence =
      spec.failurePolicy === 'Ignore'
        ? ' (Kubernetes would let it pass, as its failurePolicy is Ignore)'
        : '';
    return `policy ${quote(name)} could not be evaluated${consequence}: ${message}`;
  }
  return signOff === undefined
    ? message
    : `${message} (needs the approval of ${signOff.map(name => `@${name}`).join(' or ')})`;
}

function relatedTo({ document, name }: BoundPolicy, { validation }: Decision): Pick<Discovery, 'related'> {
  if (document === undefined) return {};
  const path =
    validation === undefined ? ['metadata', 'name'] : ['spec', 'validations', validation, 'expression'];
  return { related: [{ message: `policy ${name}`, place: document.positionOf(path) }] };
}
