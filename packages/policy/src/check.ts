import type { CheckRequest, CheckResult } from './request.ts';

/**
 * Checks objects against the schemas of a Kubernetes version, built-in packs and policies, with the verdicts that the API
 * server would give. Pure: no file, no network, no clock.
 * @throws SlipwayError `unknown-pack`, `unknown-kubernetes-version`
 */
export async function check(_request: CheckRequest): Promise<CheckResult> {
  return [];
}
