import type { Flag, Flags } from '../command-line/command.ts';

/** By which rules manifests are checked, besides those of the application. */
export const RULE_FLAGS: Flags = {
  policies: { value: '<path>', isList: true, help: 'files with policies, beside those of the application' },
  packs: {
    value: '<pack>',
    isList: true,
    help: 'built-in packs, beside those of the formation; none for no packs',
  },
  crds: { value: '<path>', isList: true, help: 'files with CustomResourceDefinitions' },
  waivers: { value: '<path>', isList: true, help: 'files with waivers' },
  namespace: { value: '<name>', help: 'of plain manifests that name none; by default default' },
  'kubernetes-version': {
    value: '<version>',
    help: "such as 1.34; by default the formation's, else the newest",
  },
};

export const BASE_FLAG: Flag = {
  value: '<revision>',
  help: 'the commit whose rules apply and that changes are compared with, as on a pull request',
};
