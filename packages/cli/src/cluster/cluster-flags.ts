import type { Flags } from '../command-line/command.ts';

/** How a cluster is found. */
export const CLUSTER_FLAGS: Flags = {
  kubeconfig: { value: '<file>', help: 'by default what KUBECONFIG names, else ~/.kube/config' },
  context: {
    value: '<name>',
    help: "its context; by default the destination's, else the only one that it has",
  },
};
