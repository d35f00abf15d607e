import { apiGroup } from '@slipway/kubernetes';
import { builtInKinds, type KindSchema, NEWEST_KUBERNETES_VERSION } from '@slipway/policy';
import { conditionOf } from './expressions.ts';
import { CopperProblem, type CopperRule, parseCopper } from './syntax.ts';

export interface Converted {
  /** ValidatingAdmissionPolicies and their bindings, as YAML. */
  readonly policies: string;
  /** Rules that CEL cannot express with the same meaning. */
  readonly problems: readonly { readonly rule?: string; readonly line: number; readonly message: string }[];
}

/** The kinds that most rules are about. */
const DEFAULT_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * Converts Copper's rules to Kubernetes' policies. Copper applies a rule to every file; a policy names the kinds that it is about.
 * @param kinds built-in kinds
 * @throws TypeError for a kind that the version does not have
 * @throws SlipwayError `unknown-kubernetes-version`
 */
export function convertCopper(
  source: string,
  kinds: readonly string[] = DEFAULT_KINDS,
  version = NEWEST_KUBERNETES_VERSION,
): Converted {
  const problems: { rule?: string; line: number; message: string }[] = [];
  const schemas = kindsNamed(kinds, version);
  const rules = readRules(source, problems);
  const documents = rules.flatMap(rule => {
    try {
      return [policy(rule, schemas), binding(rule)];
    } catch (error) {
      if (!(error instanceof CopperProblem)) throw error;
      problems.push({ rule: rule.name, line: error.line, message: error.message });
      return [];
    }
  });
  return { policies: documents.join('---\n'), problems };
}

function readRules(source: string, problems: { line: number; message: string }[]): readonly CopperRule[] {
  try {
    return parseCopper(source);
  } catch (error) {
    if (!(error instanceof CopperProblem)) throw error;
    problems.push({ line: error.line, message: error.message });
    return [];
  }
}

function kindsNamed(names: readonly string[], version: string): readonly KindSchema[] {
  const kinds = builtInKinds(version);
  return names.map(name => {
    // The shortest apiVersion is the stable one.
    const found = kinds
      .filter(({ kind }) => kind === name)
      .sort((a, b) => a.apiVersion.length - b.apiVersion.length)[0];
    if (found === undefined) throw new TypeError(`Kubernetes ${version} has no kind ${name}`);
    return found;
  });
}

function expressionOf({ condition }: CopperRule, kinds: readonly KindSchema[]): string {
  const ofKinds = kinds.map(kind => [kind.kind, conditionOf(condition, kind.schema)] as const);
  const [[, first] = ['', 'true']] = ofKinds;
  if (ofKinds.every(([, expression]) => expression === first)) return first;
  return ofKinds.reduceRight(
    (rest, [kind, expression]) => `object.kind == '${kind}' ? ${expression} : ${rest}`,
    'true',
  );
}

function policy(rule: CopperRule, kinds: readonly KindSchema[]): string {
  const rules = kinds.map(({ apiVersion, plural }) => {
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
    return `      - { apiGroups: ["${apiGroup(apiVersion)}"], apiVersions: [${version}], operations: [CREATE, UPDATE], resources: [${plural}] }`;
  });
  return [
    'apiVersion: admissionregistration.k8s.io/v1',
    'kind: ValidatingAdmissionPolicy',
    `metadata: { name: ${nameOf(rule)} }`,
    'spec:',
    '  matchConstraints:',
    '    resourceRules:',
    ...rules,
    '  validations:',
    `    - expression: ${JSON.stringify(expressionOf(rule, kinds))}`,
    `      message: ${JSON.stringify(`Copper rule ${rule.name}`)}`,
    '',
  ].join('\n');
}

function binding(rule: CopperRule): string {
  const action = rule.action === 'warn' ? 'Warn' : 'Deny';
  return [
    'apiVersion: admissionregistration.k8s.io/v1',
    'kind: ValidatingAdmissionPolicyBinding',
    `metadata: { name: ${nameOf(rule)} }`,
    `spec: { policyName: ${nameOf(rule)}, validationActions: [${action}] }`,
    '',
  ].join('\n');
}

/** The name of a rule as Kubernetes writes names: `no-latest` for `NoLatest`. */
function nameOf({ name }: CopperRule): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
