import { type Problem, quote } from '@slipway/core';
import type { YamlDocument, YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { type FormationFile, layersOf } from '../repository/repository.ts';
import { positionOfOrigin, type Traced, type TracedEntry } from '../trace/traced.ts';
import type { FormationLabels } from './labels.ts';
import type { NamePrefix } from './name-prefix.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;
type Substitute = (document: YamlDocument, node: YamlNode) => Traced;

const PREFIX_PATTERN = /^[a-z0-9][a-z0-9.-]*$/;
const MAX_PREFIX_LENGTH = 63;

/**
 * `spec.name-prefix` of a formation, or of the nearest one that it extends which sets it. A placeholder may fill it with an empty text, so
 * that one value can be the prefix in some formations and part of an address in a stencil.
 */
export function namePrefixOf(
  file: FormationFile,
  substitute: Substitute,
  report: Report,
): NamePrefix | undefined {
  const written = layersOf(file).flatMap(({ document }) => {
    const node = fieldAt(document, 'name-prefix');
    return node === undefined ? [] : [{ document, node }];
  });
  const nearest = written.at(-1);
  if (nearest === undefined) return undefined;
  const traced = substitute(nearest.document, nearest.node);
  if (traced.kind !== 'scalar' || traced.isBroken === true) return undefined;
  const text = String(traced.value);
  if (text === '') return undefined;
  const at = positionOfOrigin(traced.origin);
  if (!PREFIX_PATTERN.test(text) || text.length > MAX_PREFIX_LENGTH || traced.sealed !== undefined) {
    report({
      code: 'name-prefix-invalid',
      at,
      message: `${quote(text)} cannot begin the name of an object`,
      remedy: 'use lower-case letters, digits, - and ., beginning with a letter or digit, such as "canary-"',
    });
    return undefined;
  }
  return { text, source: { segments: ['name-prefix'], content: text, at } };
}

/** Kubernetes' rules for labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
const labelKey =
  /^(?:(?=.{1,253}\/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** `spec.labels` of a formation and of those that it extends; the nearest wins for each key. */
export function labelsOf(file: FormationFile, substitute: Substitute, report: Report): FormationLabels {
  const labels = new Map<string, TracedEntry>();
  for (const { document } of layersOf(file)) {
    const node = fieldAt(document, 'labels');
    const traced = node === undefined ? undefined : substitute(document, node);
    if (traced?.kind !== 'map') continue;
    for (const [key, { key: origin, value }] of traced.entries) {
      if (value.kind !== 'scalar' || value.isBroken === true) continue;
      const text = String(value.value);
      const isValid = labelKey.test(key) && LABEL_VALUE.test(text) && value.sealed === undefined;
      if (isValid) labels.set(key, added(origin, { ...value, value: text }));
      else
        report({
          code: 'label-invalid',
          at: positionOfOrigin(origin),
          message: `${quote(`${key}: ${text}`)} is not a valid label`,
          remedy: 'use at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit',
        });
    }
  }
  return labels;
}

/** A line of a formation goes into many objects, without its comments. */
function added(key: TracedEntry['key'], value: Traced): TracedEntry {
  return {
    key: { ...key, isAdded: true },
    value: { ...value, origin: { ...value.origin, isAdded: true } },
  };
}

function fieldAt({ root }: YamlDocument, field: string): YamlNode | undefined {
  const spec = root.kind === 'map' ? root.entries.get('spec')?.value : undefined;
  return spec?.kind === 'map' ? spec.entries.get(field)?.value : undefined;
}
