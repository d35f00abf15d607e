import type { Problem } from '@slipway/core';
import { quote } from '@slipway/core';
import { podTemplatePath } from '@slipway/kubernetes';
import type { RenderErrorCode } from '../error-codes.ts';
import { positionOfOrigin, type Traced, type TracedScalar, textAt, tracedAt } from '../trace/traced.ts';
import type { Draft } from './draft.ts';

/** A warning for each `${tag}` and `${git.sha}` in a pod template, since with it every release restarts these pods. */
export function restartWarnings({ traced }: Draft): Problem<RenderErrorCode>[] {
  const kind = textAt(traced, 'kind') ?? '';
  const path =
    kind === 'Pod' ? undefined : podTemplatePath({ apiVersion: textAt(traced, 'apiVersion') ?? '', kind });
  const template = path === undefined ? undefined : tracedAt(traced, ...path);
  if (template === undefined) return [];
  const consequence = kind === 'Job' ? 'this Job runs again' : 'these pods restart';
  return scalarsPerRelease(template).map(({ origin }) => ({
    code: 'word-restarts-pods',
    at: positionOfOrigin(origin),
    message: `${consequence} with every release of ${quote(textAt(traced, 'metadata', 'name') ?? '')}, since this text differs in each`,
    remedy: 'remove ${tag} and ${git.sha} from the pod template',
  }));
}

function scalarsPerRelease(value: Traced, found: TracedScalar[] = []): TracedScalar[] {
  if (value.kind === 'scalar') {
    if (value.isPerRelease) found.push(value);
  } else if (value.kind === 'list') for (const item of value.items) scalarsPerRelease(item, found);
  else for (const entry of value.entries.values()) scalarsPerRelease(entry.value, found);
  return found;
}
