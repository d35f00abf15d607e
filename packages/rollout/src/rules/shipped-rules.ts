import type { StatusRule } from '@slipway/core';

const CONDITIONS = 'object.?status.?conditions.orValue([])';

/** `True`, `False`, `Unknown`, or nothing. */
function condition(type: string, status: string): string {
  return `${CONDITIONS}.exists(c, c.type == "${type}" && c.status == "${status}")`;
}

function messageOf(type: string): string {
  const found = `${CONDITIONS}.filter(c, c.type == "${type}")`;
  return `${found}.size() == 0 ? "it says nothing of itself yet" : "${type} is " + ${found}[0].status + ${found}.map(c, has(c.message) && c.message != "" ? ": " + c.message : "")[0]`;
}

/** Kinds whose conditions alone would mislead: a paused canary is no failure, and a certificate that was refused is one. */
export const SHIPPED_RULES: readonly StatusRule[] = [
  {
    // https://github.com/argoproj/argo-rollouts/blob/v1.8.3/utils/rollout/rolloututil.go#L51 (the phase is the controller's own verdict)
    group: 'argoproj.io',
    kind: 'Rollout',
    ready: 'object.?status.?phase.orValue("") == "Healthy"',
    failed: 'object.?status.?phase.orValue("") == "Degraded"',
    // Degraded is also what a Rollout is for a moment after its first template was refused.
    'failed-after': '5s',
    message:
      'object.?status.?phase.orValue("no phase yet") + (object.?status.?message.orValue("") == "" ? "" : ": " + object.status.message)',
  },
  {
    // https://cert-manager.io/docs/concepts/certificate/#issuance-behavior-rotation-of-the-private-key: after a refusal it waits an hour
    group: 'cert-manager.io',
    kind: 'Certificate',
    ready: condition('Ready', 'True'),
    failed: `${CONDITIONS}.exists(c, c.type == "Issuing" && c.status == "False" && has(c.reason) && c.reason in ["Failed", "Denied", "InvalidRequest"]) && !${condition('Ready', 'True')}`,
    'failed-after': '10s',
    message: `${CONDITIONS}.exists(c, c.type == "Issuing" && c.status == "False") ? ${messageOf('Issuing')} : ${messageOf('Ready')}`,
  },
  ...['Service', 'Configuration', 'Revision', 'Route'].map(kind => ({
    // https://github.com/knative/specs/blob/main/specs/knative-api-specification-1.0.md#error-signalling: False is final, Unknown is not
    group: 'serving.knative.dev',
    kind,
    ready: condition('Ready', 'True'),
    failed: condition('Ready', 'False'),
    'failed-after': '10s',
    message: messageOf('Ready'),
  })),
];
