import { applicationSchema } from '@slipway/core';
import { parseImage } from '../images/image-names.ts';
import type { Matched } from '../images/match-images.ts';

const REGISTRY = new RegExp(applicationSchema.properties.spec.properties.registry.pattern);

/** Where images go, and why that is a guess. */
export interface ProposedRegistry {
  readonly registry: string;
  readonly guess?: string;
  /** The guess stays one when a person takes it, as they have not written the owner. */
  readonly isMadeUp?: true;
}

/**
 * The registry of the images that manifests run today, else GitHub's for the repository.
 * @param origin the address of the repository's remote, if it has one
 */
export function registryFor(
  application: string,
  { byImage, services }: Pick<Matched, 'byImage' | 'services'>,
  origin: string | undefined,
): ProposedRegistry {
  const built = services.filter(({ service }) => service.build !== undefined).map(({ name }) => name);
  for (const [image, service] of byImage) {
    const { repository, isTemplate } = parseImage(image);
    if (!built.includes(service) || isTemplate || !repository.includes('.')) continue;
    const parent = repository.replace(/\/[^/]*$/, '');
    const registry = repository.endsWith(`/${service}`) && REGISTRY.test(parent) ? parent : repository;
    if (REGISTRY.test(registry)) return { registry };
  }
  const [, owner, name] = /github\.com[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(origin ?? '') ?? [];
  const ofOrigin = `ghcr.io/${owner}/${name}`.toLowerCase();
  if (owner !== undefined && name !== undefined && REGISTRY.test(ofOrigin))
    return { registry: ofOrigin, guess: 'the packages of the GitHub repository' };
  return {
    registry: `ghcr.io/owner/${application}`,
    guess: 'the repository has no remote on GitHub; write the owner, or another registry',
    isMadeUp: true,
  };
}

/** What an answer makes of the likely registry; without one, or with a made-up owner, it stays a guess. */
export function answeredRegistry(likely: ProposedRegistry, answer: string | undefined): ProposedRegistry {
  if (answer === undefined) return likely;
  return likely.isMadeUp && answer === likely.registry ? likely : { registry: answer };
}

/** What is wrong with an address that someone gives. */
export function registryProblem(text: string): string | undefined {
  return REGISTRY.test(text) ? undefined : 'it must be registry.example/repository in lower case';
}
