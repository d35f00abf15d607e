import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Position } from '@slipway/core';
import type { Runner } from './runner.ts';

/** Returns the page of a line at its commit, by default the one that is checked out; nothing for a file that this one does not have, as one of a chart. */
export function lineUriOf({
  context: { serverUrl, repository, sha },
  workspace,
}: Pick<Runner, 'context' | 'workspace'>): (at: Position) => string | undefined {
  return ({ path, line, revision }) =>
    repository === '' || sha === '' || (revision === undefined && !existsSync(join(workspace, path)))
      ? undefined
      : `${serverUrl}/${repository}/blob/${revision ?? sha}/${path.split('/').map(encodeStep).join('/')}#L${line}`;
}

/** Parentheses would end the address of a link in Markdown. */
function encodeStep(step: string): string {
  return encodeURIComponent(step).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16)}`,
  );
}
