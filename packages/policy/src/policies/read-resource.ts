import { formatPointer, type Path, type SourceDocument } from '@slipway/core';
import { type KubernetesObject, nameForms } from '@slipway/kubernetes';
import { checkBindingSpec } from '../resources/check-binding.ts';
import { checkPolicySpec } from '../resources/check-policy.ts';
import { Form, type FormProblem } from '../resources/form.ts';
import { API_GROUP } from '../resources/kinds.ts';
import { readBindingSpec, readPolicySpec } from '../resources/read-spec.ts';
import type { BindingSpec, PolicySpec } from '../resources/types.ts';
import { minorOf } from '../schemas/built-in.ts';
import type { Catalog } from '../schemas/catalog.ts';
import { type SchemaProblem, validateObject } from '../schemas/validate.ts';

/** The first minor version that no longer serves the earlier versions of this API. */
const ONLY_V1_SINCE = 34;

/** A policy or a binding as it was written. */
export interface Entry {
  readonly document: SourceDocument;
  readonly object: KubernetesObject;
}

/** Something wrong with the form of a policy or a binding. */
export interface ResourceProblem {
  /** What distinguishes it from others at its path: the rule of the schema, or nothing. */
  readonly rule?: string;
  readonly path: Path;
  readonly message: string;
  readonly fix?: string;
}

export interface ReadPolicy extends Entry {
  readonly name: string;
  readonly spec: PolicySpec;
  /** Empty if an API server would take it, as far as its form goes. */
  readonly problems: readonly ResourceProblem[];
}

export interface ReadBinding extends Entry {
  readonly name: string;
  readonly spec: BindingSpec;
  readonly problems: readonly ResourceProblem[];
}

export function readPolicy(entry: Entry, catalog: Catalog): ReadPolicy {
  const spec = readPolicySpec(entry.object);
  const { name } = entry.object.metadata;
  return { ...entry, name, spec, problems: problemsOf(entry, checkPolicySpec(name, spec), catalog) };
}

export function readBinding(entry: Entry, catalog: Catalog): ReadBinding {
  const spec = readBindingSpec(entry.object);
  const { name } = entry.object.metadata;
  return { ...entry, name, spec, problems: problemsOf(entry, checkBindingSpec(spec), catalog) };
}

function problemsOf(
  { object }: Entry,
  ofSpec: readonly FormProblem[],
  catalog: Catalog,
): readonly ResourceProblem[] {
  const minor = minorOf(catalog.version);
  const served = versionProblem(object, minor);
  const kind = catalog.find(`${API_GROUP}/v1`, object.kind);
  // Earlier versions of the API have the same fields.
  const ofSchema = kind === undefined ? [] : validateObject(object, kind, minor);
  const ofForm = [...metadataProblems(object), ...ofSpec].filter(found => !isCovered(found.path, ofSchema));
  return [...served, ...ofSchema, ...ofForm];
}

/** Whether the schema has said it: about the value or what it is in, or about a misspelling of its name. */
function isCovered(path: Path, found: readonly SchemaProblem[]): boolean {
  const pointer = `${formatPointer(path)}/`;
  return found.some(problem => {
    const meant = problem.meant === undefined ? [] : [[...problem.path.slice(0, -1), problem.meant]];
    return [problem.path, ...meant].some(one => pointer.startsWith(`${formatPointer(one)}/`));
  });
}

function versionProblem({ apiVersion, kind }: KubernetesObject, minor: number): ResourceProblem[] {
  const isServed = apiVersion === `${API_GROUP}/v1`;
  const wasServed = minor < ONLY_V1_SINCE && /\/v1(?:alpha1|beta1)$/.test(apiVersion);
  if (isServed || wasServed) return [];
  return [
    {
      path: ['apiVersion'],
      message: `Kubernetes 1.${minor} does not serve ${kind} in ${JSON.stringify(apiVersion)}`,
      fix: `use ${API_GROUP}/v1`,
    },
  ];
}

function metadataProblems({ metadata }: KubernetesObject): readonly FormProblem[] {
  const form = new Form();
  form.text(['metadata', 'name'], nameForms.dns1123Subdomain.validate(metadata.name));
  return form.problems;
}
