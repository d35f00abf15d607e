import { type Logger, quote } from '@slipway/core';
import type { PreparedRendering, RenderedAll, RenderingRequest } from '@slipway/render';

/** Says for each formation that is promoted from another one whose stencils and config it gets. */
export function sayPromoted(
  { repository, targets, snapshot, promoted, configRevision }: PreparedRendering,
  { config }: Pick<RenderingRequest, 'config'>,
  logger: Logger,
): void {
  if (snapshot === undefined) return;
  for (const formation of new Set(targets.map(target => target.formation))) {
    const from = repository.formations.get(formation)?.spec['promoted-from'];
    if (from === undefined) continue;
    const part = promoted.find(found => found.targets.some(target => target.formation === formation));
    const tag = quote(snapshot.deploymentTag);
    if (part !== undefined)
      logger.info(
        `${formation}: stencils and config of the commit ${part.revision}, with which ${tag} passed in ${quote(from)}; destinations, rules and secret entries of ${configRevision ?? 'the checkout'}`,
      );
    else if (config === 'head')
      logger.info(
        `${formation}: stencils and config of the checkout, and not those that passed (config: head)`,
      );
    else logger.info(`${formation}: stencils and config of the checkout`);
    for (const destination of part?.newDestinations ?? [])
      logger.info(
        `${destination}: this destination is not in that commit, so its patches are those of ${configRevision ?? 'the checkout'}`,
      );
  }
}

/** The commit of all that was rendered; empty if it has several, or none. */
export function configRevisionOf({ destinations }: RenderedAll): string {
  const [first, ...others] = new Set(destinations.map(({ rendered }) => rendered.configRevision));
  return others.length === 0 ? (first ?? '') : '';
}
