import { formatPosition } from '@slipway/core';
import { type MarkedObject, marked } from '../../stencils/marked-yaml.ts';
import { type ComposeWorkload, namedVariables, reference, storedSecrets } from './compose-workload.ts';
import { escapedForSlipway, expandedText } from './kubernetes-text.ts';
import { mountsOf } from './mounts.ts';
import { portsOf } from './named-ports.ts';
import { probes } from './probes.ts';

/** The container of a service. */
export function container(workload: ComposeWorkload): MarkedObject {
  const { service, image } = workload;
  const { mounts } = mountsOf(workload);
  const ports = portsOf({ ports: service.ports, known: image.port });
  const [request, limit] = image.memory;
  return {
    name: service.name,
    image: `\${image.${image.service}}`,
    command: service.command?.map(expandedText),
    args: service.args?.map(expandedText),
    workingDir:
      service.workingDirectory === undefined ? undefined : escapedForSlipway(service.workingDirectory),
    env: list(environment(workload)),
    ports: list(
      ports.map(({ name, number, protocol }) => ({
        name,
        containerPort: number,
        ...(protocol === 'UDP' ? { protocol } : {}),
      })),
    ),
    ...probes(workload),
    resources: {
      requests: {
        cpu: service.cpu ?? '50m',
        memory:
          service.memoryRequest ??
          service.memory ??
          marked(`${request}Mi`, 'set it to what the program uses'),
      },
      limits: {
        memory: service.memory ?? marked(`${limit}Mi`, 'set it to the most that the program may use'),
      },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: marked(
        true,
        image.isGenerated ? undefined : 'the program may write elsewhere than into the volumes below',
      ),
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: list(mounts),
  };
}

function list<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

/** Secrets first, as Kubernetes fills a value only with variables that are before it. */
function environment({ service, image, ...workload }: ComposeWorkload): readonly MarkedObject[] {
  const secrets = storedSecrets({ service, image, ...workload });
  const own = new Set(service.variables.map(({ name }) => name));
  const fromSecret = (name: string, variable: string): MarkedObject => ({
    name,
    valueFrom: { secretKeyRef: { ...reference(service.name, variable) } },
  });
  const needed = [...namedVariables(service), ...image.secrets.map(({ variable }) => variable)].filter(
    name => !own.has(name),
  );
  const known = Object.entries(image.variables).filter(([name]) => !own.has(name));
  return [
    ...service.variables.flatMap(one => ('secret' in one ? [fromSecret(one.name, one.secret.variable)] : [])),
    ...[...new Set(needed)]
      .filter(name => secrets.some(({ variable }) => variable === name))
      .map(name => fromSecret(name, name)),
    ...known.map(([name, value]) => ({ name, value })),
    ...service.variables.flatMap(one =>
      'value' in one
        ? [
            {
              name: one.name,
              value: marked(
                expandedText(one.value),
                `${formatPosition({ ...one.at, column: 1 }).replace(/:1$/, '')} has it for one machine`,
              ),
            },
          ]
        : [],
    ),
  ];
}
