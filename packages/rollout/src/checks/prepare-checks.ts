import {
  type Check,
  didYouMean,
  isAboutPods,
  isComparison,
  type Problem,
  quote,
  throwIfAny,
  type ValueCheck,
} from '@slipway/core';
import { notJudged, type RunnableCheck } from '../check-runs/runnable-check.ts';
import type { RolloutErrorCode } from '../error-codes.ts';
import { NOTHING_BESIDE } from './nothing-beside.ts';
import { prepareHttp } from './prepare-http.ts';
import { prepareJob } from './prepare-job.ts';
import { askPrometheus } from './prometheus/ask.ts';
import type { AskPrometheus } from './prometheus/client.ts';
import { prometheusCheck } from './prometheus/prometheus-check.ts';
import { missingRights } from './rights.ts';
import type { CheckSurroundings, Refuse } from './surroundings.ts';
import { fillWords } from './words.ts';

/**
 * Prepares checks so that they can be run.
 * @throws SlipwayError `check-invalid`, `check-forbidden`, with the problems of all of them
 */
export async function prepareChecks(
  checks: readonly Check[],
  surroundings: CheckSurroundings,
): Promise<readonly RunnableCheck[]> {
  const problems: Problem<RolloutErrorCode>[] = [...duplicates(checks)];
  const ask = checks.some(({ prometheus }) => prometheus !== undefined) ? askerOf(surroundings) : undefined;
  const prepared = await Promise.all(
    checks.map(async check => {
      const refuse: Refuse = (message, remedy) => {
        problems.push({ code: 'check-invalid', message: `check ${quote(check.name)} ${message}`, remedy });
        return undefined;
      };
      if (check.prometheus !== undefined && (isComparison(check) || isAboutPods(check)))
        return unjudged(check);
      const known = Object.keys(surroundings.words);
      const filled = fillWords(check, surroundings.words, word =>
        refuse(
          `contains the placeholder ${quote(word)}, which is not defined here`,
          didYouMean(word, known) || `choose among ${known.join(', ')}`,
        ),
      );
      return await prepare(filled, surroundings, ask, refuse);
    }),
  );
  problems.push(...(await missingRights(checks, surroundings)));
  throwIfAny(problems);
  return prepared.filter(check => check !== undefined);
}

function duplicates(checks: readonly Check[]): Problem<RolloutErrorCode>[] {
  const names = checks.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map(name => ({
    code: 'check-invalid',
    message: `two checks have the name ${quote(name)}`,
    remedy: 'rename one of them',
  }));
}

function askerOf({ prometheus, client }: CheckSurroundings): AskPrometheus | undefined {
  return prometheus && askPrometheus(prometheus, client);
}

async function prepare(
  { name, http, job, prometheus }: Check,
  surroundings: CheckSurroundings,
  ask: AskPrometheus | undefined,
  refuse: Refuse,
): Promise<RunnableCheck | undefined> {
  if (http !== undefined) return await prepareHttp(name, http, surroundings, refuse);
  if (job !== undefined) return prepareJob(name, job, surroundings, refuse);
  if (prometheus?.query === undefined)
    return refuse('does not say what to check', 'add http, job or prometheus');
  if (ask === undefined)
    return refuse(
      'queries Prometheus, whose address is not set',
      'set the input "prometheus", such as https://prometheus.acme.io',
    );
  return prometheusCheck(name, prometheus as ValueCheck, { ...surroundings, ask });
}

/** A check of the pods of one version: without a second one, saying that it passed would be a false success. */
function unjudged({ name }: Check): RunnableCheck {
  return { name, run: async () => notJudged(NOTHING_BESIDE) };
}
