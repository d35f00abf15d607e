import { parseTemplate } from '../words.ts';
import type { Check, PrometheusCheck } from './checks.ts';

/** The word that stands for the pods of one version, alone or with the name of a workload after a dot. */
const PODS = /^pods(?:\.[A-Za-z0-9_.-]+)?$/;
/** The word that stands for the time in which a step is judged. */
export const WINDOW_WORD = 'window';

/** A check that counts: how many of all requests were bad. */
export type CountCheck = PrometheusCheck & Required<Pick<PrometheusCheck, 'bad' | 'all' | 'worse-by'>>;
/** A check of values, such as latencies. */
export type ValueCheck = PrometheusCheck & Required<Pick<PrometheusCheck, 'query'>>;

/** Whether a check compares the two versions of a release in steps. */
export function isComparison({ prometheus }: Check): boolean {
  return (
    prometheus?.bad !== undefined ||
    prometheus?.['higher-by'] !== undefined ||
    prometheus?.['lower-by'] !== undefined
  );
}

/** Whether a check can only be asked about the pods of one version. */
export function isAboutPods({ prometheus }: Check): boolean {
  return prometheus !== undefined && queriesOf(prometheus).some(query => wordsIn(query).some(isPodsWord));
}

/** The queries of a check, whichever of them it has. */
export function queriesOf({ query, bad, all }: PrometheusCheck): readonly string[] {
  return [query, bad, all].filter(text => text !== undefined);
}

export function wordsIn(query: string): readonly string[] {
  return parseTemplate(query).parts.flatMap(part => (part.kind === 'word' ? [part.word] : []));
}

/** The workloads whose pods a check names, as in `${pods.api}`; undefined if it is about all pods, or about none. */
export function workloadsNamedBy({ prometheus }: Check): readonly string[] | undefined {
  const words = (prometheus === undefined ? [] : queriesOf(prometheus)).flatMap(wordsIn).filter(isPodsWord);
  if (words.length === 0 || words.includes('pods')) return undefined;
  return [...new Set(words.map(word => word.slice('pods.'.length)))];
}

export function isPodsWord(word: string): boolean {
  return PODS.test(word);
}
