import { count, type DestinationStatus, excerpt, type LiveRelease, quote } from '@slipway/core';
import { shortId } from '@slipway/render';
import { type Latest, type Reference, releasedAs } from './latest.ts';

/** Characters of a tag or of the path of a folder. */
const MOST = 100;

/** In what a destination differs from the latest release of its formation, as far as was seen. */
export function differencesFrom(latest: Latest, { live, drift, kept }: DestinationStatus): string[] {
  if (live === undefined) return kept === 0 ? ['nothing is released here'] : [];
  if (live.source === 'registry' && kept === 0) return ['nothing is recorded here'];
  const reference = releasedAs(latest);
  const changed = drift?.objects.length ?? 0;
  return [
    ...imagesOf(live, reference),
    ...configOf(live, reference),
    ...(live.verdict === undefined || live.verdict === 'succeeded'
      ? []
      : [`release ${live.release} ended as ${live.verdict}`]),
    ...(changed === 0
      ? []
      : [
          `${count(changed, 'object')} ${changed === 1 ? 'was' : 'were'} changed or removed since the release`,
        ]),
  ];
}

function imagesOf({ deploymentTag, release, restores }: LiveRelease, latest: Reference): string[] {
  if (deploymentTag === undefined || deploymentTag === latest.deploymentTag) return [];
  const back = restores === undefined ? '' : `, a rollback to release ${restores}`;
  return [
    `runs ${excerpt(deploymentTag, MOST)} (release ${release}${back}) and not ${excerpt(latest.deploymentTag, MOST)}`,
  ];
}

function configOf({ configCommit, beside }: LiveRelease, latest: Reference): string[] {
  const own =
    configCommit === undefined || configCommit === latest.configCommit
      ? []
      : [
          `its configuration is of commit ${shortId(configCommit)} and not of ${shortId(latest.configCommit)}`,
        ];
  return [...own, ...checkoutsOf(beside?.sharedRevisions, latest.beside.sharedRevisions)];
}

function checkoutsOf(
  mine: Readonly<Record<string, string>> | undefined,
  others: Readonly<Record<string, string>>,
): string[] {
  if (mine === undefined) return [];
  const folders = Object.keys({ ...mine, ...others }).filter(folder => mine[folder] !== others[folder]);
  const named = (commit: string | undefined): string =>
    commit === undefined ? 'no commit' : shortId(commit);
  return folders
    .sort()
    .map(
      folder =>
        `${quote(excerpt(folder, MOST))} is of ${named(mine[folder])} and not of ${named(others[folder])}`,
    );
}
