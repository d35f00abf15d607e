import { type EachDestination, postEach, readEach, runEach, type SeveralRules } from '@slipway/action-kit';
import { Problems } from '@slipway/core';
import { type FormationChoice, refuseMixture } from '@slipway/delivery';
import type { InputReader, Runner } from '@slipway/github';
import { type Inputs, readInputs as readOne } from './inputs/inputs.ts';
import { post as postOne } from './post.ts';
import { preflight } from './preflight.ts';
import { run as runOne } from './run.ts';
import { surroundingsOf } from './surroundings.ts';

/** The modes that one step can carry out at several destinations. */
const SEVERAL: readonly string[] = ['', 'apply', 'plan'];

const RULES: SeveralRules = {
  own: ['planned-from'],
  needed: [],
  single: ['against', 'context', 'namespace', 'spawn'],
};

/** The inputs for each destination that they name. */
export function readInputs(reader: InputReader): EachDestination<Inputs> {
  if (SEVERAL.includes(reader.text('mode'))) return readEach(reader, RULES, readOne);
  return [{ destination: reader.text('destination'), inputs: readOne(reader) }];
}

/** @throws SlipwayError `destinations-mixed` before anything is done, and what fails at each destination */
export async function run(each: EachDestination<Inputs>, runner: Runner): Promise<void> {
  await refuseMixed(each, runner);
  await runEach(each, runner, runOne);
}

/** Finds what can be known before anything is built or rendered, as `run` would. */
export async function check(each: EachDestination<Inputs>, runner: Runner): Promise<void> {
  await refuseMixed(each, runner);
  const problems = new Problems();
  for (const { inputs } of each)
    if (inputs !== undefined) await problems.collect(() => preflight(inputs, runner));
  problems.throwIfAny();
}

export const post = postEach(postOne);

async function refuseMixed([{ inputs }, ...others]: EachDestination<Inputs>, runner: Runner): Promise<void> {
  if (inputs === undefined || others.length === 0) return;
  const { request }: { readonly request: FormationChoice } = inputs;
  const destinations = [...request.destinations, ...others.map(({ destination }) => destination)];
  await refuseMixture({ ...request, destinations }, surroundingsOf(inputs, runner));
}
