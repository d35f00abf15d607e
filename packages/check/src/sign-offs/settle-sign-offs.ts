import type { Finding } from '@slipway/core';
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
  return found.map(findings => findings.map(finding => settled(finding, approved, approvals)));
}

/** Whether an approval would settle it. */
function needsApproval({ approvers }: Finding): boolean {
  return approvers !== undefined;
}

function settled(
  finding: Finding,
  approved: ReadonlyMap<string, string>,
  { instruction }: Pick<Approvals, 'instruction'>,
): Finding {
  if (!needsApproval(finding)) return finding;
  const approval = approved.get(finding.fingerprint);
  if (approval !== undefined)
    return { ...finding, severity: 'notice', message: `${finding.message} (${approval})`, approval };
  const how = instruction(finding.fingerprint);
  return { ...finding, fix: finding.fix === undefined ? how : `${finding.fix}; or ${how}` };
}
