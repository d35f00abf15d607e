import type { ClusterClient } from '@slipway/cluster';
import { formatProblem } from '@slipway/core';
import type { Runner } from '@slipway/github';
import {
  compareReleases,
  findUnreadable,
  listReleases,
  type RecordOwner,
  readRelease,
} from '@slipway/release';
import { connect } from './connect.ts';
import { findDeployed } from './deployed.ts';
import type { Inputs } from './inputs.ts';
import { changeTitle, fieldLines, SIGNS } from './plan.ts';
import { numberOf } from './roll-back-to.ts';
import { differenceSummary, releasesSummary } from './summary.ts';

/** Lists the kept releases, and says what lies between two of them. */
export async function listRecorded(inputs: Inputs, runner: Runner): Promise<void> {
  const { identity, checkout } = await findDeployed(inputs, runner);
  const client = await connect(inputs, { identity, checkout }, runner);
  try {
    const releases = await listReleases(client, identity);
    const unreadable = await findUnreadable(client, identity, releases);
    for (const { number, verdict, deploymentTag = '', created } of releases)
      runner.logger.info(
        `${number} ${unreadable.has(number) ? 'unreadable' : (verdict ?? 'open')} ${deploymentTag} ${created}`,
      );
    for (const { problems } of unreadable.values())
      for (const problem of problems) runner.logger.warning(formatProblem(problem));
    runner.addSummary(releasesSummary(`${identity.application}/${identity.formation}`, releases, unreadable));
    if (inputs.to !== '' || inputs.against !== '') await compare(client, identity, inputs, runner);
  } finally {
    client.close();
  }
}

/** From `against`, by default the newest, to `to`, by default the newest. */
async function compare(
  client: ClusterClient,
  owner: RecordOwner,
  inputs: Inputs,
  runner: Runner,
): Promise<void> {
  const [newest] = await listReleases(client, owner);
  const [from, to] = await Promise.all(
    [inputs.against, inputs.to].map(async name =>
      readRelease(client, owner, (await numberOf(client, owner, name)) ?? newest?.number ?? 1),
    ),
  );
  if (from === undefined || to === undefined) return;
  const changes = compareReleases(from, to);
  runner.logger.info(`From release ${from.number} to release ${to.number}: ${changes.length} objects differ`);
  for (const change of changes)
    for (const line of [`${SIGNS[change.action]} ${changeTitle(change)}`, ...fieldLines(change)])
      runner.logger.info(line);
  runner.setOutput('changes', String(changes.length));
  runner.addSummary(differenceSummary(from.number, to.number, changes));
}
