import { formatProblem, quote, SlipwayError, type Snapshot } from '@slipway/core';
import type { CheckoutHistory } from '@slipway/git';
import type { Runner } from '@slipway/github';
import {
  headDifferences,
  type PreparedRendering,
  type Promotions,
  type RenderingRequest,
} from '@slipway/render';
import { escapeMarkdown } from '@slipway/report';

interface Asked {
  readonly history: Pick<CheckoutHistory, 'head' | 'takenBack' | 'shared'>;
  readonly promotions: Pick<Promotions, 'verdictsOn'>;
}

/** Says, for whoever approves `config: head`, how the checkout differs from what passed, in the log and the summary. */
export async function sayHead(
  prepared: PreparedRendering,
  { config }: Pick<RenderingRequest, 'config'>,
  asked: Asked,
  { logger, addSummary }: Pick<Runner, 'logger' | 'addSummary'>,
): Promise<void> {
  const { repository, targets, snapshot } = prepared;
  if (snapshot === undefined || config !== 'head') return;
  for (const name of new Set(targets.map(({ formation }) => formation))) {
    const from = repository.formations.get(name)?.spec['promoted-from'];
    if (from === undefined) continue;
    for (const sentence of await differencesFrom(from, snapshot, prepared, asked)) {
      logger.info(`${name}: ${sentence}`);
      addSummary(`> ${escapeMarkdown(`${name}: ${sentence}`)}\n\n`);
    }
  }
}

/** A registry that does not answer keeps no one from rendering what is checked out; deploy asks it again. */
async function differencesFrom(
  formation: string,
  snapshot: Snapshot,
  { repository, sharedRevisions }: PreparedRendering,
  { history, promotions }: Asked,
): Promise<readonly string[]> {
  const destinations = Object.keys(repository.formations.get(formation)?.spec.destinations ?? {});
  try {
    const known = await promotions.verdictsOn(snapshot, formation, destinations);
    const verdicts = new Map(destinations.map(destination => [destination, known.get(destination)]));
    const head = await history.head();
    return await headDifferences({ snapshot, formation, verdicts, head, sharedRevisions, history });
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    return [`what passed in ${quote(formation)} is not known, nor how the checkout differs from it: ${why}`];
  }
}
