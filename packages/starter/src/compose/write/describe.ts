import { fullName } from '../../images/image-names.ts';
import {
  type Contribution,
  NOTHING,
  type ProposedFile,
  type ProposedService,
} from '../../proposal/contribution.ts';
import type { Facts } from '../../proposal/facts.ts';
import { markedYaml } from '../../stencils/marked-yaml.ts';
import { secretConfig, secretStencil } from '../../stencils/secret.ts';
import { type ComposeWorkload, storedSecrets } from './compose-workload.ts';
import { workloadObjects } from './workload-objects.ts';

/** Rule packs that the stencils are for. */
const PACKS = ['pod-security/restricted', 'workloads', 'references'];

/** Services, stencils, secrets and one formation for what a compose file runs. */
export function describe(workloads: readonly ComposeWorkload[], { name }: Facts): Contribution {
  const claimed = new Set<string>();
  const parts = workloads.map(workload => {
    const own = workload.service.volumes.flatMap(({ claim }) => claim ?? []);
    const claims = [...new Set(own)].filter(claim => !claimed.has(claim));
    for (const claim of claims) claimed.add(claim);
    const { objects, remarks } = workloadObjects(workload, claims);
    return {
      file: stencil(workload.service.name, markedYaml(objects)),
      remarks,
      secrets: secretsFile(workload),
    };
  });
  const withSecrets = workloads
    .map(workload => ({ service: workload.service.name, variables: storedSecrets(workload) }))
    .filter(({ variables }) => variables.length > 0);
  const config = {
    path: 'config/secrets.yaml',
    text: secretConfig(withSecrets),
    about: 'where the secrets are stored that programs need',
  };
  return {
    ...NOTHING,
    services: servicesOf(workloads),
    files: [
      ...parts.flatMap(({ file, secrets }) => [file, ...secrets]),
      ...(withSecrets.length === 0 ? [] : [config]),
    ],
    formations: [
      { name: 'staging', namespace: `${name}-staging`, guess: 'any namespace of the cluster', packs: PACKS },
    ],
    remarks: parts.flatMap(({ remarks }) => remarks),
  };
}

function stencil(name: string, text: string): ProposedFile {
  return { path: `stencils/${name}.yaml`, text, about: `runs ${name}, as the compose file says` };
}

function secretsFile(workload: ComposeWorkload): readonly ProposedFile[] {
  const { name } = workload.service;
  const variables = storedSecrets(workload);
  if (variables.length === 0) return [];
  return [
    {
      path: `stencils/${name}-secrets.yaml`,
      text: secretStencil(name, variables),
      about: `the secrets of ${name}`,
    },
  ];
}

function servicesOf(workloads: readonly ComposeWorkload[]): readonly ProposedService[] {
  return workloads
    .filter(({ service, image }) => image.service === service.name)
    .map(({ service: { name, build, image = '' } }) => ({
      name,
      service: build === undefined ? { image: fullName(image) } : { build },
    }));
}
