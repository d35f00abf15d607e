import { quote, SlipwayError } from '@slipway/core';
import type { StarterErrorCode } from '../error-codes.ts';
import type { RepositoryFiles } from './repository-files.ts';

/** Every YAML file in these folders, and below, is one of Slipway's own. */
const OWN = /^(?:config|formations)\/(?:.*\/)?[^./][^/]*\.(?:ya?ml|json)$/;

/**
 * Slipway would read files of another program that are in a folder of its own, such as config/ of Rails.
 * @throws SlipwayError `folder-taken` with the first of them
 */
export async function refuseTakenFolders(files: RepositoryFiles): Promise<void> {
  for (const path of files.paths.filter(one => OWN.test(one))) {
    const text = await files.readText(path);
    if (text?.includes('slipway.dev/') === true) continue;
    const [folder = ''] = path.split('/');
    throw new SlipwayError<StarterErrorCode>({
      code: 'folder-taken',
      message: `${quote(path)} is not one of Slipway's files, and Slipway reads all files of ${quote(`${folder}/`)} beside slipway.yaml`,
      remedy:
        'write slipway.yaml into a folder of its own, with contexts that begin with .. (docs/monorepos.md)',
    });
  }
}
