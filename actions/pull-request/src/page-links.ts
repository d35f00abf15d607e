import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorLink, type Runner } from '@slipway/github';
import { helpUri } from '@slipway/policy';
import type { FindingLinks } from '@slipway/report';

/** Where a reader of a page finds more. */
export interface PageLinks extends FindingLinks {
  /** The page that explains the code of an error. */
  readonly errorUri: (code: string) => string;
}

/** Links to the lines of the commit that is checked out, and to the pages of rules and errors. */
export function pageLinks({ context, workspace, environment }: Runner): PageLinks {
  const { serverUrl, repository, sha } = context;
  return {
    helpUri,
    rest: 'in the log of the run',
    errorUri: code => errorLink(code, environment),
    // Charts and remote bases have lines in files that the repository does not have.
    lineUri: ({ path, line }) =>
      repository === '' || sha === '' || !existsSync(join(workspace, path))
        ? undefined
        : `${serverUrl}/${repository}/blob/${sha}/${path.split('/').map(encodeStep).join('/')}#L${line}`,
  };
}

/** Parentheses would end the address of a link in Markdown. */
function encodeStep(step: string): string {
  return encodeURIComponent(step).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16)}`,
  );
}
