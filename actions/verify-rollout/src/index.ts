import { type EachDestination, postEach, readEach, runEach, type SeveralRules } from '@slipway/action-kit';
import type { InputReader, Runner } from '@slipway/github';
import { type Inputs, readInputs as readOne } from './inputs.ts';
import { post as postOne } from './post.ts';
import { run as runOne } from './run.ts';

const RULES: SeveralRules = {
  own: ['release'],
  needed: ['release'],
  single: [
    ...['context', 'decision', 'helm-release', 'if-waiting-for'],
    ...['manifests', 'namespace', 'selector', 'spawn'],
  ],
};

/** The inputs for each destination that they name. */
export function readInputs(reader: InputReader): EachDestination<Inputs> {
  return readEach(reader, RULES, readOne);
}

/** @throws SlipwayError for every verdict but success, after all outputs are set; `destinations-mixed` before anything is looked at */
export async function run(each: EachDestination<Inputs>, runner: Runner): Promise<void> {
  await refuseMixed(each, runner);
  await runEach(each, runner, runOne);
}

export const post = postEach(postOne);

async function refuseMixed(each: EachDestination<Inputs>, { workspace }: Runner): Promise<void> {
  const inputs = each.find(one => one.inputs !== undefined)?.inputs;
  if (inputs === undefined || each.length === 1) return;
  const { refuseMixture } = await import('@slipway/delivery');
  const { application, formation } = inputs;
  const destinations = each.map(({ destination }) => destination);
  const run = { repository: '', actor: '', url: '' };
  await refuseMixture(
    { application, formation, destinations, namespace: '', context: '' },
    { workspace, run },
  );
}
