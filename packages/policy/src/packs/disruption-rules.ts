/** The rules of the pack `workloads` that need to see several objects. */
export const disruptionRules = {
  replicas: {
    severity: 'warning',
    why: 'A workload with one pod is interrupted whenever its node is updated.',
    fix: 'set spec.replicas to 2 or more',
  },
  'disruption-budget': {
    severity: 'warning',
    why: 'Without a budget all pods may be evicted at once when nodes are drained.',
    fix: 'add a PodDisruptionBudget whose selector matches the pods',
  },
} as const;
