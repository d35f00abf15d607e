/** How a team wants its workflows. */
export interface WorkflowSettings {
  /** `ghes` leaves out what GitHub Enterprise Server does not have. */
  readonly target: 'github' | 'ghes';
  /** `shared` files are called by workflows of other repositories. */
  readonly form: 'own' | 'shared';
  /** The branch whose pushes are released. */
  readonly branch: string;
  /** The label of the runners. */
  readonly runsOn: string;
  /** The tag or commit of Slipway's actions. */
  readonly version: string;
  /** What the jobs that reach a cluster may do with GitHub's identity token; Vault's login needs `write` in any case. */
  readonly idToken: 'none' | 'write';
  /** Who makes GitHub's record of a deployment: GitHub, at the commit of the run, or Slipway, at the commit of the images. */
  readonly deployments: 'github' | 'exact';
  /** What records, snapshots and verdicts are signed with: nothing, or the secret RECORD_KEY. */
  readonly signing: 'none' | 'record-key';
  /** `prefixed`: the names of the files begin with that of the application, beside files of someone else; in a folder they do in any case. */
  readonly naming: 'plain' | 'prefixed';
}

export const DEFAULT_SETTINGS: WorkflowSettings = {
  target: 'github',
  form: 'own',
  branch: 'main',
  runsOn: 'ubuntu-latest',
  version: 'v1',
  idToken: 'none',
  deployments: 'github',
  signing: 'none',
  naming: 'plain',
};
