import type { Problem } from '@slipway/core';

/** What to do on a machine that has no earlier steps, by the codes whose own remedies name a step or an input of an action. */
const REMEDIES: Readonly<Record<string, string>> = {
  'file-missing':
    'name a file that exists; slipway.yaml is looked for in the folder of the call, or where --application says',
  'output-outside': 'replace the link that leads out of it with a folder',
  'snapshot-missing': 'name the snapshot.json that build-retag wrote',
};

/** The problem with a remedy for the command line. */
export function withOwnRemedy(problem: Problem): Problem {
  const remedy = REMEDIES[problem.code];
  return remedy === undefined ? problem : { ...problem, remedy };
}
