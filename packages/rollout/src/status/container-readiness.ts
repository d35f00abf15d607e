import type { JsonObject } from '@slipway/core';
import { numberAt, objectAt, textAt } from '@slipway/kubernetes';
import { NOT_READY_AT_LEAST } from '../windows.ts';
import type { ContainerView } from './container-view.ts';
import type { Trouble } from './status.ts';

/** A running container whose readiness probe fails. Until its startup probe has passed, the limit of that probe applies. */
export function readinessTroubles(container: ContainerView): readonly Trouble[] {
  const probe = objectAt(container.spec, 'readinessProbe');
  const starting = objectAt(container.spec, 'startupProbe') !== undefined && container.started !== true;
  if (!container.running || container.ready || probe === undefined || starting) return [];
  return [
    {
      key: `${container.key}/${container.restarts}/not-ready`,
      reason: 'Unready',
      message: `${container.title} is running but not ready: ${describeProbe(probe)} is failing`,
      remedy: 'find out why the probe fails, or give it more time with a startupProbe',
      certainAfter: Math.max(probeWindow(probe), NOT_READY_AT_LEAST),
      window: 'ready',
      culprit: { ...container.culprit, field: 'readinessProbe' },
    },
  ];
}

/**
 * Milliseconds until a probe has failed for good: its delay, then as many periods as failures are allowed, then the timeout of
 * the last one (https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/).
 */
export function probeWindow(probe: JsonObject): number {
  const delay = numberAt(probe, 'initialDelaySeconds') ?? 0;
  const period = numberAt(probe, 'periodSeconds') ?? 10;
  const failures = numberAt(probe, 'failureThreshold') ?? 3;
  const timeout = numberAt(probe, 'timeoutSeconds') ?? 1;
  return (delay + failures * period + timeout) * 1000;
}

/** `its readiness probe (GET :8080/healthz)`. */
export function describeProbe(probe: JsonObject): string {
  return `its readiness probe${describeAction(probe)}`;
}

function describeAction(probe: JsonObject): string {
  const port = (kind: string): string =>
    String(numberAt(probe, kind, 'port') ?? textAt(probe, kind, 'port') ?? '');
  if (objectAt(probe, 'httpGet'))
    return ` (GET :${port('httpGet')}${textAt(probe, 'httpGet', 'path') ?? '/'})`;
  if (objectAt(probe, 'tcpSocket')) return ` (TCP port ${port('tcpSocket')})`;
  if (objectAt(probe, 'grpc')) return ` (gRPC port ${port('grpc')})`;
  return objectAt(probe, 'exec') ? ' (a command)' : '';
}
