import { type Finding, stringifyJson } from '@slipway/core';
import type { Approvals } from '../request/approvals.ts';

/**
 * The findings of each target, of which those that an entitled person approved are notices and the others say how to approve.
 * @param approvals asked only if a finding needs an approval
 */
export async function settleSignOffs(
  found: readonly (readonly Finding[])[],
  approvals: Approvals | undefined,
): Promise<readonly (readonly Finding[])[]> {
  const open = found.flat().filter(needsApproval);
  if (open.length === 0 || approvals === undefined) return found;
  const changes = open.map(({ fingerprint, approvers = [] }) => ({ fingerprint, approvers }));
  const approved = await approvals.find(changes);
  const left = open.filter(({ fingerprint }) => !approved.has(fingerprint));
  const alike = Map.groupBy(left, sharedKey);
  const instructionFor = (finding: Finding): string => {
    const fingerprints = (alike.get(sharedKey(finding)) ?? [finding]).map(({ fingerprint }) => fingerprint);
    return approvals.instruction([...new Set(fingerprints)]);
  };
  return found.map(findings => findings.map(finding => settled(finding, approved, instructionFor)));
}

/** Equal for what people see as one finding in several targets, each of which has a fingerprint of its own. */
function sharedKey({ rule, message, place, object }: Finding): string {
  return stringifyJson([rule, message, place, object?.kind, object?.name]);
}

/** Whether an approval would settle it. */
function needsApproval({ approvers }: Finding): boolean {
  return approvers !== undefined;
}

function settled(
  finding: Finding,
  approved: ReadonlyMap<string, string>,
  instructionFor: (finding: Finding) => string,
): Finding {
  if (!needsApproval(finding)) return finding;
  const approval = approved.get(finding.fingerprint);
  if (approval !== undefined)
    return { ...finding, severity: 'notice', message: `${finding.message} (${approval})`, approval };
  const how = instructionFor(finding);
  return { ...finding, fix: finding.fix === undefined ? how : `${finding.fix}; or ${how}` };
}
