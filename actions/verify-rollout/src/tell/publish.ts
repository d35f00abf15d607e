import type { Verdict } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { notesMarkdown } from '@slipway/report';
import type { Ending } from './ending.ts';
import { summaryOf } from './summary.ts';
import { writeVerdict } from './verdict.ts';

/** The verdict for later steps: the outputs, and verdict.json. A later verdict on the same release takes their place. */
export async function setOutputs(verdict: Verdict, runner: Runner): Promise<void> {
  const { rolledBackTo } = verdict;
  runner.setOutput('verdict', verdict.verdict);
  runner.setOutput('rolled-back-to', rolledBackTo === undefined ? '' : String(rolledBackTo.release));
  runner.setOutput('report', await writeVerdict(verdict, runner.temporaryDirectory));
}

/** The verdict for later steps and for people. */
export async function publish(ending: Ending, runner: Runner): Promise<void> {
  await setOutputs(ending.verdict, runner);
  const { differing } = ending;
  if (differing !== undefined) runner.logger.warning(differing);
  runner.addSummary(`${summaryOf(ending)}${notesMarkdown(differing === undefined ? [] : [differing])}`);
}
