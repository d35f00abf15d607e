import { type Check, type CountCheck, isAboutPods, isComparison, type ValueCheck } from '@slipway/core';
import { falseAlarm, worstOf } from '@slipway/judging';
import { askPrometheus, type PrometheusAddress } from '../checks/prometheus/ask.ts';
import { type CheckWords, fillWords } from '../checks/words.ts';
import type { CheckCluster } from '../rollout.ts';
import type { SideContext } from './ask-sides.ts';
import { judgeCountCheck, judgeValueCheck } from './judge-check.ts';
import type { JudgedWindow, StepSides } from './sides.ts';
import type { CheckJudgement, StepJudgement } from './step-judgement.ts';

export interface JudgeStepOptions {
  /** Those that do not ask about the pods of one version are left out: they are the same in every release. */
  readonly checks: readonly Check[];
  readonly sides: StepSides;
  /** The same in a later run, so that it judges the same. */
  readonly window: JudgedWindow;
  readonly prometheus: PrometheusAddress | undefined;
  readonly client: Pick<CheckCluster, 'askService'>;
  readonly words: CheckWords;
  readonly signal: AbortSignal;
  /** Milliseconds between two attempts, if Prometheus does not answer; 5 s by default. */
  readonly retryAfter?: number | undefined;
}

/**
 * Judges a step by what Prometheus knows of both versions, once its time is over.
 * Whatever cannot be said is inconclusive: no answer of Prometheus leads to an error.
 * @throws only the signal's reason when it aborts, and SlipwayError `check-invalid` for an address that is not one
 */
export async function judgeStep(options: JudgeStepOptions): Promise<StepJudgement> {
  const { checks, client, prometheus, words } = options;
  const asked = checks.filter(
    check => check.prometheus !== undefined && (isComparison(check) || isAboutPods(check)),
  );
  const ask = asked.length === 0 || prometheus === undefined ? undefined : askPrometheus(prometheus, client);
  const judged = await Promise.all(
    asked.map(async check => {
      const kind = kindOf(check);
      if (ask === undefined) return { name: check.name, kind, ...NO_ADDRESS };
      return await judgeOne(
        fillWords(check, { ...words, ...ownWords(check) }, () => undefined),
        { ...options, ask },
      );
    }),
  );
  return together(judged);
}

/** The judgements of a step as one. */
export function together(checks: readonly CheckJudgement[]): StepJudgement {
  const compared = checks.filter(({ kind }) => kind === 'counts' || kind === 'values').length;
  return { verdict: worstOf(checks.map(({ verdict }) => verdict)), checks, falseAlarm: falseAlarm(compared) };
}

const NO_ADDRESS = {
  verdict: 'inconclusive',
  message: 'the address of Prometheus is not set: set the input "prometheus"',
} as const;

function kindOf({ prometheus }: Check): CheckJudgement['kind'] {
  if (prometheus?.bad !== undefined) return 'counts';
  return prometheus?.['higher-by'] !== undefined || prometheus?.['lower-by'] !== undefined
    ? 'values'
    : 'bounds';
}

/** The words of a comparison stay as they are until they are filled for each version. */
function ownWords(check: Check): CheckWords {
  const { query = '', bad = '', all = '' } = check.prometheus ?? {};
  const words = `${query} ${bad} ${all}`.match(/\$\{(?:pods[^}]*|window)\}/g) ?? [];
  return Object.fromEntries(words.map(word => [word.slice(2, -1), word]));
}

async function judgeOne({ name, prometheus }: Check, context: SideContext): Promise<CheckJudgement> {
  return prometheus?.bad !== undefined
    ? await judgeCountCheck(name, prometheus as CountCheck, context)
    : await judgeValueCheck(name, prometheus as ValueCheck, context);
}
