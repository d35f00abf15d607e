import { describeObject, formatDuration } from '@slipway/core';
import type { RolloutChange } from '@slipway/rollout';

const SIGNS: Readonly<Record<RolloutChange['status'], string>> = {
  ready: '✓',
  unknown: '?',
  'already-failing': '!',
  failed: '✗',
  'in-progress': '…',
};

/** One line for one change: `12 s  ✓ Deployment shop/api: 2 of 2 replicas are ready (3 of 7 settled)`. */
export function progressLine(change: RolloutChange, started: Date): string {
  const { at, object, status, message, settled, total } = change;
  const after = formatDuration(at.getTime() - started.getTime()).padStart(9);
  return `${after}  ${SIGNS[status]} ${describeObject(object)}: ${message} (${settled} of ${total} settled)`;
}
