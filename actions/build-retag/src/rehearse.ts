import { type BuilderChoice, type BuildSecrets, tryImage } from '@slipway/build';
import { type Clock, imageReference, Problems } from '@slipway/core';
import type { RunContext, Runner } from '@slipway/github';
import { lookUpDigest, parseReference, type RegistryClient } from '@slipway/registry';
import { buildServices, findBuilderFor } from './build-services.ts';
import type { PushChoice } from './inputs.ts';
import type { Plan } from './plan.ts';

export interface RehearseOptions {
  readonly client: RegistryClient;
  readonly builder: BuilderChoice;
  readonly secrets: BuildSecrets;
  readonly runner: Runner;
  readonly clock: Clock;
}

/** One service of a rehearsal, for the summary. */
export interface Rehearsed {
  readonly service: string;
  readonly what: string;
  readonly milliseconds: number;
}

/** Whether a run may leave something in the registry. A pull request holds what nobody has looked at yet. */
export function mayPush(choice: PushChoice, { eventName }: RunContext): boolean {
  return choice === 'always' || (choice === 'auto' && !eventName.startsWith('pull_request'));
}

/** Whether the run is about the code of somebody who may not push to the repository. */
export function isFromFork({ event, repository }: RunContext): boolean {
  const head = at(at(at(event, 'pull_request'), 'head'), 'repo');
  return at(event, 'pull_request') !== undefined && at(head, 'full_name') !== repository;
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/**
 * Builds every image and looks up every ready-made one, and leaves nothing behind: no image, no tag, no snapshot, no cache.
 * @throws SlipwayError with every problem of every service
 */
export async function rehearse(plan: Plan, options: RehearseOptions): Promise<Rehearsed[]> {
  const problems = new Problems();
  const sources = [
    ...plan.retags,
    ...plan.kept.map(({ service, image }) => ({ service, source: parseReference(imageReference(image)) })),
  ];
  const looking = Promise.all(sources.map(source => problems.collect(() => lookUp(source, options))));
  const building = problems.collect(() => tryAll(plan, options));
  const [found, built] = await Promise.all([looking, building]);
  problems.throwIfAny();
  return [...(built ?? []), ...found.filter(service => service !== undefined)];
}

async function tryAll(plan: Plan, options: RehearseOptions): Promise<Rehearsed[]> {
  const builder = await findBuilderFor(plan, options.builder, options.runner);
  if (builder === undefined) return [];
  const built = await buildServices(plan.builds, (...args) => tryImage(builder, ...args), options);
  return built.map(({ build, milliseconds }) => ({ service: build.service, what: 'builds', milliseconds }));
}

async function lookUp(
  { service, source }: Pick<Plan['retags'][number], 'service' | 'source'>,
  { client, clock }: RehearseOptions,
): Promise<Rehearsed> {
  const started = clock().getTime();
  await lookUpDigest(client, source);
  return { service, what: 'is there', milliseconds: clock().getTime() - started };
}
