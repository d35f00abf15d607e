import type { Problem } from '@slipway/core';
import { inOwnWords } from './own-words.ts';

/** What to do on a machine that has no earlier steps, by the codes whose own remedies name a step or an input of an action. */
const REMEDIES: Readonly<Record<string, string>> = {
  'file-missing':
    'name a file that exists; slipway.yaml is looked for in the folder of the call, or where --application says',
  'kubeconfig-in-workspace':
    'keep it outside of the repository, or make it readable for its owner only (chmod 600) and leave it out of Git',
  'kubeconfig-missing': 'name one with --kubeconfig, or set KUBECONFIG',
  'kubeconfig-plugin-interactive':
    'log in with it first, and write interactiveMode: IfAvailable, or name another kubeconfig with --kubeconfig',
  'output-outside': 'replace the link that leads out of it with a folder',
  'snapshot-missing': 'name the snapshot.json that build-retag wrote',
};

/** Remedies that name what is wrong themselves, and a step or an input besides. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^set context to one of /, 'name one with --context: '],
  [/\bset (adopt|force-conflicts)\b/, 'add --$1'],
  [/^grant the Role that the log shows$/, 'grant it'],
  [/^install it on the runner in an earlier step, or use a token$/, 'install it, or use a token'],
  [/^check the login step before this one; /, 'log in again with its own command; '],
  [/, or remove the input$/, ', or leave it out'],
  [/^set formation and destination to one of /, 'choose with --formation and --destination among '],
];

/** The problem in words for the command line. */
export function withOwnRemedy(problem: Problem): Problem {
  const remedy = REMEDIES[problem.code] ?? problem.remedy;
  return {
    ...problem,
    message: inOwnWords(problem.message),
    ...(remedy === undefined ? {} : { remedy: inOwnWords(withoutSteps(remedy)) }),
  };
}

function withoutSteps(remedy: string): string {
  return PHRASES.reduce((text, [phrase, own]) => text.replace(phrase, own), remedy);
}
