import { relative, sep } from 'node:path';
import { excerpt, type Position, type Problem } from '@slipway/core';
import type { RenderErrorCode } from '../../error-codes.ts';

/** Longer than Kustomize's messages without the chain of paths that precedes them. */
const MAX_MESSAGE_LENGTH = 400;

/**
 * The error of `kubectl kustomize` as one sentence at the kustomization file that caused it.
 * @param kustomizations the paths of the files, relative to the workspace, that of the source first
 */
export function kustomizeProblem(
  stderr: string,
  kustomizations: readonly string[],
  workspace: string,
  at: Position,
): Problem<RenderErrorCode> {
  const text = stderr.trim().split('\n').at(-1) ?? '';
  const folders = [...text.matchAll(/path '([^']+)'/g)].map(([, path = '']) => path);
  const deepest = folders.at(-1);
  const folder = deepest === undefined ? undefined : relative(workspace, deepest).split(sep).join('/');
  const found = kustomizations.find(path => path.replace(/\/?[^/]*$/, '') === folder);
  const path = found ?? kustomizations[0];
  const reason = (text.split(/path '[^']+': /).at(-1) ?? text).replace(/^error: /, '');
  const message = reason.replaceAll(`${workspace}${sep}`, '').replaceAll(workspace, '.');
  return {
    code: 'source-failed',
    at: path === undefined ? at : { path, line: 1, column: 1 },
    message: `kubectl kustomize failed to build the directory: ${excerpt(message, MAX_MESSAGE_LENGTH)}`,
  };
}
