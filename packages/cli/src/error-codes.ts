import type { ErrorEntry } from '@slipway/core';

export type CliErrorCode =
  | 'command-not-found'
  | 'fixes-differ'
  | 'init-exists'
  | 'init-failed'
  | 'interrupted'
  | 'line-unused'
  | 'output-in-use'
  | 'revision-unknown'
  | 'temporary-folder-unusable'
  | 'usage';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const cliErrors: Readonly<Record<CliErrorCode, ErrorEntry>> = {
  'command-not-found': {
    symptom: 'runner',
    example: '"helm" cannot be run',
    cause: 'A program that the command needs is not in the PATH of this machine.',
    remedy: 'Install it, and run the command again.',
  },
  'fixes-differ': {
    symptom: 'program',
    example: 'with the fixes, ConfigMap "script" would not be what it is now',
    cause:
      '`slipway init --apply-fixes` renders the manifests before and after its edits, and they differ in more than their images.',
    remedy: 'Call it without `--apply-fixes`, which changes no manifest, or edit the named object by hand.',
  },
  'init-exists': {
    symptom: 'program',
    example: '"slipway.yaml" exists already',
    cause: '`slipway init` never writes over a file that exists, and wrote nothing.',
    remedy:
      'If the application is there already, `slipway workflows` writes its workflows; rename a file that is something else.',
  },
  'init-failed': {
    symptom: 'program',
    example: '"formations/staging.yaml" cannot be written (ENOSPC)',
    cause: 'The folder cannot be written to, or the disk is full. What had been written was removed again.',
    remedy: 'Correct the cause, and run the command again.',
  },
  interrupted: {
    symptom: 'program',
    example: 'the program was interrupted ("SIGINT")',
    cause: 'Ctrl+C was pressed, or another program ended this one.',
    remedy: 'Run it again.',
  },
  'line-unused': {
    symptom: 'program',
    example: 'nothing that is rendered comes from "config/shop.yaml:12"',
    cause:
      'The line has a comment or is empty, its value is hidden by that of a nearer address, or its file is for another formation than those that are rendered.',
    remedy: 'Name a line with a key, an item or a value.',
  },
  'output-in-use': {
    symptom: 'program',
    example:
      'the output folder "/home/ada/shop/stencils" is read by the next rendering, as part of "/home/ada/shop/stencils", so nothing is written there',
    cause:
      'The folder of `--output` has files that are not a rendered tree, or it is one that Slipway reads: the result would be mixed with sources.',
    remedy: 'Choose a new folder, an empty one, or one that has a rendered tree only.',
  },
  'revision-unknown': {
    symptom: 'program',
    example: '"origin/main" is not a commit, branch or tag of this checkout',
    cause:
      'The working tree is to be compared with a commit that this clone does not have under that name, or there is no clone.',
    remedy: 'Name a commit, branch or tag that it has, or run `git fetch` first.',
  },
  'temporary-folder-unusable': {
    symptom: 'program',
    example: 'temporary files cannot be written to "/nowhere" (ENOENT)',
    cause:
      'The folder that TMPDIR names, or the one of this machine, does not exist or cannot be written to.',
    remedy: 'Set TMPDIR to a folder that exists and that you may write to.',
  },
  usage: {
    symptom: 'program',
    example: 'slipway has no command "workflow"',
    cause:
      'The command line has a command, a flag or an argument that the program does not know, or a flag lacks its value.',
    remedy:
      '`slipway --help` lists the commands, and `slipway <command> --help` what each one takes, with an example.',
  },
};
