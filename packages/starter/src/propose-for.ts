import { CODE } from './code/code.ts';
import { MANIFESTS } from './manifests/manifests.ts';
import { type Contribution, NOTHING, together } from './proposal/contribution.ts';
import type { Facts, Part } from './proposal/facts.ts';

/** In this order, since code becomes stencils only where nothing is deployed yet. */
const PARTS: readonly Part[] = [MANIFESTS, CODE];

/** What all parts propose for an application. */
export async function contributionsFor(facts: Facts): Promise<Contribution> {
  let soFar = NOTHING;
  for (const part of PARTS) soFar = together(soFar, await part(facts, soFar));
  return soFar;
}
