import { defined, formatPointer, type JsonObject } from '@slipway/core';
import { isBuiltIn } from '@slipway/kubernetes';
import { type Discovery, relatedAt } from '../findings.ts';
import type { CheckedObject } from '../request.ts';
import { minorOf } from '../schemas/built-in.ts';
import type { Catalog } from '../schemas/catalog.ts';
import type { Subject } from '../subject.ts';
import { validateAccess } from './access.ts';
import { validateWords } from './allowed-values.ts';
import { validateClasses } from './classes.ts';
import { duplicateItems } from './duplicates.ts';
import { validateEmbedded } from './embedded.ts';
import { validateEndpointSlices } from './endpoint-slices.ts';
import { validateEvents } from './events.ts';
import { validateIngresses } from './ingresses.ts';
import { validateJobs } from './jobs.ts';
import { validateMetadata } from './metadata.ts';
import { validateNetworkPolicies } from './network-policies.ts';
import { validateNumbers } from './numbers.ts';
import { validatePods } from './pods.ts';
import { validatePolicies } from './policies.ts';
import { validateQuotas } from './quotas.ts';
import type { Refusal, Validation } from './refusal.ts';
import { validateScaling } from './scaling.ts';
import { validateSelectors } from './selectors.ts';
import { validateServices } from './services.ts';
import { validateSizes } from './sizes.ts';
import { validateStorage } from './storage.ts';
import { validateVolumes } from './volumes.ts';
import { validateWorkloads } from './workloads.ts';

/** What an API server's own code checks, beyond the schema. Those of one kind look at the kind themselves. */
const OF_EVERY_KIND: readonly Validation[] = [validateMetadata];
const OF_BUILT_IN_KINDS: readonly Validation[] = [
  validateSizes,
  validateWords,
  validateNumbers,
  validatePods,
  validateWorkloads,
  validateServices,
  validateIngresses,
  validateNetworkPolicies,
  validateAccess,
  validateScaling,
  validateSelectors,
  validateJobs,
  validateStorage,
  validateVolumes,
  validateClasses,
  validateQuotas,
  validateEndpointSlices,
  validateEvents,
  validatePolicies,
];

/**
 * Why server-side apply would refuse an object whose schema is known, beyond what the schema says: items that it cannot tell apart,
 * names, sizes, and the commonest rules of the server's own validation.
 * @param ofSchema what was found already: a value with such a finding, or one within it, is not reported again
 * @param catalog of a version of Kubernetes, since some rules came or went
 */
export function checkServerValidation(
  subject: Subject,
  ofSchema: readonly Discovery[],
  catalog: Catalog,
): Discovery[] {
  const minor = minorOf(catalog.version);
  const { checked, view } = subject;
  if (checked.admitted !== undefined || ofSchema.some(isOfNoKind)) return [];
  const refusals = isBuiltIn(view.apiVersion)
    ? [
        ...duplicateItems(withoutStatus(checked.object), checked.object),
        ...refusalsOf(subject, ofSchema, minor),
      ]
    : [
        ...validateMetadata(view),
        ...validateEmbedded(view, catalog.find(view.apiVersion, view.kind)?.schema ?? ANYTHING),
      ];
  const known = new Known(ofSchema);
  return refusals.filter(refusal => !known.has(refusal)).map(refusal => discoveryOf(refusal, checked));
}

const ANYTHING = { form: 'any' } as const;

/** A server validates nothing that it cannot decode, and what is filled in beside a wrong value may follow from it. */
function refusalsOf(
  { view, old }: Subject,
  ofSchema: readonly Discovery[],
  minor: number,
): readonly Refusal[] {
  const isDecoded = !ofSchema.some(({ rule }) => rule === 'schema/wrong-type');
  const validations = isDecoded ? [...OF_EVERY_KIND, ...OF_BUILT_IN_KINDS] : OF_EVERY_KIND;
  const circumstances = { minor, ...defined({ old }) };
  return validations.flatMap(validation => validation(view, circumstances));
}

/** Whether there is no such kind, so that no server looks any further. */
function isOfNoKind({ rule, severity }: Discovery): boolean {
  return severity === 'error' && /^schema\/(?:unknown-kind|unknown-version|removed-version)$/.test(rule);
}

/** The server drops the status before it merges. */
function withoutStatus({ status: _, ...object }: JsonObject): JsonObject {
  return object;
}

/** The schema's findings, so that the many refusals of a large object need not be compared with each of them. */
class Known {
  readonly #pointers: ReadonlySet<string>;
  /** The maps with a field whose name is misspelt. */
  readonly #misspelt: ReadonlySet<string>;

  constructor(ofSchema: readonly Discovery[]) {
    this.#pointers = new Set(ofSchema.map(({ pointer }) => pointer));
    const unknown = ofSchema.filter(({ rule }) => rule === 'schema/unknown-field');
    this.#misspelt = new Set(unknown.map(({ pointer }) => pointer.slice(0, pointer.lastIndexOf('/'))));
  }

  /** Whether they say it: about the value or what it is in, or about a field beside it whose name is misspelt. */
  has({ path, rule }: Refusal): boolean {
    const outer = path.map((_, index) => formatPointer(path.slice(0, index + 1)));
    const isMisspelt =
      rule === 'schema/missing-field' && this.#misspelt.has(formatPointer(path.slice(0, -1)));
    return isMisspelt || ['', ...outer].some(pointer => this.#pointers.has(pointer));
  }
}

function discoveryOf({ path, other, ...refusal }: Refusal, checked: CheckedObject): Discovery {
  const pointer = formatPointer(path);
  return { ...refusal, severity: 'error', pointer, ...relatedAt(other, checked) };
}
