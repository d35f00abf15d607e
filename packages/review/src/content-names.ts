import type { PlannedChange } from '@slipway/core';
import { mayBeContent } from '@slipway/kubernetes';

/**
 * A ConfigMap or Secret whose content changes gets another name, and whatever refers to it changes with it. That is said in words:
 * hashes tell a reader nothing, and differ between destinations whose change is the same.
 */
export function withoutContentNames(change: PlannedChange, all: readonly PlannedChange[]): PlannedChange {
  const contents = all.filter(({ object }) => object.kind === 'ConfigMap' || object.kind === 'Secret');
  const renamed = new Set<string>();
  const fields = change.fields?.filter(({ before, after }) => {
    const found = contents.find(
      ({ object }) => isNameOf(before, object.name) && isNameOf(after, object.name),
    );
    if (found !== undefined) renamed.add(`${found.object.kind} ${found.object.name}`);
    return found === undefined;
  });
  if (fields === undefined || renamed.size === 0) return change;
  const because = `${[...renamed].sort().join(' and ')} changed`;
  return { ...change, fields, note: [change.note, because].filter(text => text !== undefined).join('; ') };
}

function isNameOf(value: unknown, given: string): boolean {
  return typeof value === 'string' && mayBeContent(value, given);
}
