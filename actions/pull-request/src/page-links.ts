import { errorLink, lineUriOf, type Runner } from '@slipway/github';
import { helpUri } from '@slipway/policy';
import type { ReviewLinks } from '@slipway/report';
import type { OwnCheckout } from './own-checkout.ts';

/** Where a reader of a page finds more. */
export interface PageLinks extends ReviewLinks {
  /** The page that explains the code of an error. */
  readonly errorUri: (code: string) => string;
}

/** Links to the lines of the commit that is checked out, and to the pages of rules and errors. */
export function pageLinks(runner: Runner, { folder, inRepository }: OwnCheckout): PageLinks {
  const lineUri = lineUriOf({ ...runner, workspace: folder });
  const { repository, serverUrl } = runner.context;
  return {
    helpUri,
    rest: 'in the log of the run',
    errorUri: code => errorLink(code, runner.environment),
    lineUri: at => {
      const path = inRepository(at.path);
      return path === undefined ? undefined : lineUri({ ...at, path });
    },
    compareUri: (one, other) =>
      repository === '' ? undefined : `${serverUrl}/${repository}/compare/${one}...${other}`,
  };
}
