import type { Command } from '../command-line/command.ts';
import { JSON_FLAG } from '../rendering/target-flags.ts';

export const WORKFLOWS: Command = {
  name: 'workflows',
  summary: 'writes .github/workflows/ from slipway.yaml and formations/, and keeps it up to date',
  flags: {
    repository: {
      value: '<folder>',
      help: 'the repository; by default the checkout that the command is called in',
    },
    application: {
      value: '<path>',
      help: 'the path of slipway.yaml, with --repository in there; by default that of the folder it is called in',
    },
    check: { help: 'writes nothing, says what is out of date, and fails if anything is' },
    force: { help: 'overwrites what was changed by hand, after showing it' },
    prefix: {
      help: "the application's name before the names of the files, beside others of the usual names; by default as they are already",
    },
    shared: { help: 'files that workflows of other repositories call' },
    ghes: { help: 'for GitHub Enterprise Server' },
    branch: {
      value: '<name>',
      help: 'the branch whose pushes are released; by default the one that they have already, else main',
    },
    'runs-on': { value: '<label>', help: 'the runners; by default ubuntu-latest' },
    version: { value: '<tag|commit>', help: "of Slipway's actions; by default v1" },
    'id-token': {
      help: "jobs that reach a cluster may get GitHub's identity token, for a login without a stored secret",
    },
    'exact-deployments': {
      help: "GitHub's deployments are at the commit of the images, and not at that of the run",
    },
    'record-key': { help: 'records, snapshots and verdicts are signed with the secret RECORD_KEY' },
    ...JSON_FLAG,
  },
  example: { line: 'slipway workflows --check', does: 'Says which workflows are out of date, and why.' },
  failsWhen: 'a file is not as it should be, and stays so',
  load: async () => (await import('../workflows/update.ts')).updateWorkflows,
};
