import type { ClusterClient } from '@slipway/cluster';
import { quote, type Release } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { readHold } from '@slipway/release';

/** A hold stops deploys and not what is decided about a release that was open before: whoever decides is told that there is one. */
export async function warnOfHold(
  client: ClusterClient,
  release: Release,
  decided: string,
  { annotate }: Pick<Runner, 'annotate'>,
): Promise<void> {
  const { application, formation, number } = release;
  const found = await readHold(client, release, new Date(), release);
  const hold = found.state === 'held' ? found.hold : found.state === 'unknown' ? found.known : undefined;
  if (hold === undefined) return;
  annotate({
    severity: 'warning',
    message: `${application}/${formation} is held by ${quote(hold.by)}: ${quote(hold.reason)}; a hold refuses deploys only, so that ${quote(decided)} of release ${number}, which was open before, is carried out`,
  });
}
