import type { WorkflowInput } from './file.ts';

export const REASON: WorkflowInput = {
  name: 'reason',
  description: 'Why; it is recorded with the release.',
};

export const CONFIG: WorkflowInput = {
  name: 'config',
  options: ['usual', 'head', 'passed'],
  description:
    'Stencils and config: usual is those that passed; with a reason, head is those of the branch, and passed also what passed in an unusual way.',
};

export const ADOPT: WorkflowInput = {
  name: 'adopt',
  options: ['no', 'yes'],
  description:
    'yes takes over objects that something else deployed, such as kubectl apply; a run without it shows what that changes.',
};
