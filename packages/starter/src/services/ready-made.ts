import type { ProposedFile } from '../proposal/contribution.ts';
import { workloadStencil } from '../stencils/workload.ts';
import type { ReadyMade } from './backing-services.ts';

/** The stencil of a ready-made service: one pod, since nothing copies what it holds to another. */
export function readyMade({ name, port, user, args, writes }: ReadyMade): ProposedFile {
  const text = workloadStencil({
    name,
    replicas: 1,
    port: { number: port },
    servicePort: port,
    user: { id: user },
    writes,
    args,
    variables: [],
    memory: [64, 128],
  });
  return { path: `stencils/${name}.yaml`, text, about: `runs ${name} for the programs that need it` };
}
