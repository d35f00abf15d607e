import { describeObject, type ObjectVerdict } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { Ending } from './ending.ts';
import { writeVerdict } from './report.ts';
import { summaryOf } from './summary.ts';

/** The verdict where people and later steps look for it: outputs, verdict.json, the log, the job summary. */
export async function publish(ending: Ending, runner: Runner): Promise<void> {
  const { verdict } = ending;
  const { rolledBackTo } = verdict;
  runner.setOutput('verdict', verdict.verdict);
  runner.setOutput('rolled-back-to', rolledBackTo === undefined ? '' : String(rolledBackTo.release));
  runner.setOutput('report', await writeVerdict(verdict, runner.temporaryDirectory));
  for (const object of verdict.objects) await logEvidence(object, runner);
  runner.addSummary(summaryOf(ending));
}

async function logEvidence({ object, evidence = [] }: ObjectVerdict, runner: Runner): Promise<void> {
  if (evidence.length === 0) return;
  await runner.group(`Evidence for ${describeObject(object)}`, async () => {
    for (const { title, lines } of evidence)
      runner.logger.info([title, ...lines.map(line => `  ${line}`)].join('\n'));
  });
}
