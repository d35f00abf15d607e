import type { CheckRequest, CheckResult } from './request.ts';

/**
 * Checks objects against the schemas of a Kubernetes version, built-in packs and policies, with the verdicts that the API
 * server would give. Pure but for its own schemas and packs: no network, no clock, no other file.
 * @throws SlipwayError `unknown-pack`, `unknown-kubernetes-version`
 */
export async function check(request: CheckRequest): Promise<CheckResult> {
  // What checks, and the language of policies with it, is three quarters of this package, and most actions need only the rest.
  const { checkObjects } = await import('./check-objects.ts');
  return await checkObjects(request);
}
