import { type Finding, type Position, type Problem, parsePointer } from '@slipway/core';
import { type KubernetesObject, objectKey, referenceTo } from '@slipway/kubernetes';

interface Manifest {
  readonly object: KubernetesObject;
  positionAt(pointer: string): Position;
}

/**
 * Whether a finding of the check repeats a refusal: the schema rules know beforehand what the API server refuses, and the comparison
 * with it has refused the same. The server's own words stay, as it may have said more.
 */
export function isToldBy(
  refusals: readonly Problem[],
  manifests: readonly Manifest[],
  { rule, object, pointer }: Finding,
): boolean {
  if (!rule.startsWith('schema/') || object === undefined || pointer === undefined) return false;
  const own = manifests.filter(manifest => objectKey(referenceTo(manifest.object)) === objectKey(object));
  const positions = own.map(manifest => manifest.positionAt('/metadata/name'));
  return refusals
    .filter(({ at }) => positions.some(position => isSame(position, at)))
    .some(refusal => says(refusal, rule, pointer));
}

function isSame({ path, line, column }: Position, other: Position | undefined): boolean {
  return path === other?.path && line === other.line && column === other.column;
}

/** What the server says of a rule whose field it does not name. */
const WORDS: Readonly<Record<string, RegExp>> = {
  'schema/too-large': /too (?:long|large)/i,
  'schema/selector-mismatch': /`selector` does not match template `labels`/,
};

function says({ code, message }: Problem, rule: string, pointer: string): boolean {
  if (code === 'object-duplicate') return rule === 'schema/duplicate-object';
  if (code !== 'cluster-refused') return false;
  return WORDS[rule]?.test(message) ?? names(message, pointer);
}

/** Maps whose keys the server does not repeat in a path. */
const MAPS = /^(?:labels|annotations|data|stringData|binaryData|matchLabels|nodeSelector)$/;

/** Whether a message of the server has the path of a field; its items are `[0]` there, or `[name="app"]`. */
function names(message: string, pointer: string): boolean {
  const steps = parsePointer(pointer).filter(step => !/^\d+$/.test(step));
  const paths = [steps, ...(MAPS.test(steps.at(-2) ?? '') ? [steps.slice(0, -1)] : [])];
  const said = ` ${message.replaceAll(/\[[^\][]*\]/g, '')}`;
  return paths
    .map(path => path.join('.'))
    .some(path => [` ${path}:`, ` .${path}:`, `[${path}:`, `"${path}"`].some(text => said.includes(text)));
}
