import { formatPointer, type JsonObject } from '@slipway/core';
import { isBuiltIn } from '@slipway/kubernetes';
import { type Discovery, relatedAt } from '../findings.ts';
import type { CheckedObject } from '../request.ts';
import type { Subject } from '../subject.ts';
import { duplicateItems } from './duplicates.ts';
import { validateMetadata } from './metadata.ts';
import type { Refusal, Validation } from './refusal.ts';
import { validateSizes } from './sizes.ts';

/** What an API server's own code checks, beyond the schema. Those of one kind look at the kind themselves. */
const OF_EVERY_KIND: readonly Validation[] = [validateMetadata];
const OF_BUILT_IN_KINDS: readonly Validation[] = [validateSizes];

/**
 * Why server-side apply would refuse an object whose schema is known, beyond what the schema says: items that it cannot tell apart,
 * names, sizes, and the commonest rules of the server's own validation.
 * @param ofSchema what was found already: a value with such a finding, or one within it, is not reported again
 */
export function checkServerValidation(subject: Subject, ofSchema: readonly Discovery[]): Discovery[] {
  const { checked, view } = subject;
  if (checked.admitted !== undefined || ofSchema.some(isOfNoKind)) return [];
  const refusals = isBuiltIn(view.apiVersion)
    ? [
        ...duplicateItems(withoutStatus(checked.object), checked.object),
        ...[...OF_EVERY_KIND, ...OF_BUILT_IN_KINDS].flatMap(validation => validation(view)),
      ]
    : OF_EVERY_KIND.flatMap(validation => validation(view));
  const known = ofSchema.map(({ pointer }) => pointer);
  return refusals
    .filter(({ path }) => !isKnown(formatPointer(path), known))
    .map(refusal => discoveryOf(refusal, checked));
}

/** Whether there is no such kind, so that no server looks any further. */
function isOfNoKind({ rule, severity }: Discovery): boolean {
  return severity === 'error' && /^schema\/(?:unknown-kind|unknown-version|removed-version)$/.test(rule);
}

/** The server drops the status before it merges. */
function withoutStatus({ status: _, ...object }: JsonObject): JsonObject {
  return object;
}

function isKnown(pointer: string, known: readonly string[]): boolean {
  return known.some(found => pointer === found || pointer.startsWith(`${found}/`));
}

function discoveryOf({ path, other, ...refusal }: Refusal, checked: CheckedObject): Discovery {
  const pointer = formatPointer(path);
  return { ...refusal, severity: 'error', pointer, ...relatedAt(other, checked) };
}
