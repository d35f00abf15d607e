import type { JsonObject } from '@slipway/core';
import { type MarkedObject, marked } from '../../stencils/marked-yaml.ts';
import type { ComposeHealth } from '../read/compose-service.ts';
import type { Part } from '../read/interpolate.ts';
import type { ComposeWorkload, ImageFacts } from './compose-workload.ts';
import { escapedForSlipway } from './kubernetes-text.ts';
import { portsOf } from './named-ports.ts';

/** A healthcheck of the file says when a program can serve and when it hangs; else its port is asked. */
export function probes({
  service: { health, ports, name },
  image,
  endsByItself,
}: ComposeWorkload): MarkedObject {
  if (endsByItself) return {};
  if (health !== undefined) {
    const exec = execProbe(health);
    return {
      readinessProbe: { exec, ...timesOf(health) },
      livenessProbe: { exec, ...timesOf(health), initialDelaySeconds: Math.max(60, health.start) },
    };
  }
  const [port] = portsOf({ ports, known: image.port });
  if (port === undefined || port.protocol === 'UDP') return {};
  const ask = (why: string | undefined): MarkedObject =>
    image.health === undefined
      ? { tcpSocket: { port: marked(port.name, why) } }
      : { httpGet: httpGet(image, port.name) };
  return {
    readinessProbe: {
      ...ask(`a port that is open is not a program that can serve; give ${name} a healthcheck`),
      periodSeconds: 5,
    },
    livenessProbe: { ...ask(undefined), initialDelaySeconds: 60, periodSeconds: 10 },
  };
}

function httpGet({ health = '/', host }: ImageFacts, port: string): MarkedObject {
  return {
    path: health,
    port,
    ...(host === undefined ? {} : { httpHeaders: [{ name: 'Host', value: host }] }),
  };
}

function execProbe({ command }: ComposeHealth): JsonObject {
  return { command: command.map(parts => escapedForSlipway(parts.map(inShell).join(''))) };
}

function inShell(part: Part): string {
  return 'text' in part ? part.text : `\${${part.variable}}`;
}

function timesOf({ period, timeout, failures, start }: ComposeHealth): JsonObject {
  return {
    ...(start > 0 ? { initialDelaySeconds: start } : {}),
    periodSeconds: period,
    timeoutSeconds: timeout,
    failureThreshold: failures,
  };
}
