import type { CheckManifestsRequest } from '@slipway/check';
import { type ChosenPack, defined, parsePack, quote, SlipwayError } from '@slipway/core';
import { KUBERNETES_VERSIONS, minorVersionOf, requirePacks } from '@slipway/policy';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Workspace } from '../rendering/workspace.ts';

type Rules = Pick<
  CheckManifestsRequest,
  'policies' | 'packs' | 'namespace' | 'kubernetesVersion' | 'crds' | 'waivers' | 'failOn'
>;

/** @throws SlipwayError for flags whose values mean nothing */
export function readRules(given: Arguments, workspace: Workspace): Rules {
  const paths = (flag: string): string[] => given.list(flag).map(workspace.pathOf);
  return {
    policies: paths('policies'),
    crds: paths('crds'),
    waivers: paths('waivers'),
    namespace: given.text('namespace') ?? 'default',
    ...defined({ packs: readPacks(given), kubernetesVersion: readVersion(given.text('kubernetes-version')) }),
    failOn: readSeverity(given.text('fail-on') ?? 'error'),
  };
}

/** None for `none`, undefined if none are named. */
function readPacks(given: Arguments): readonly ChosenPack[] | undefined {
  const written = given.list('packs');
  if (written.length === 0) return undefined;
  if (written.length === 1 && written[0] === 'none') return [];
  const packs = written.map(text => parsePack(text));
  requirePacks(packs);
  return packs;
}

function readVersion(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const minor = minorVersionOf(text);
  if (minor !== undefined) return minor;
  throw wrongValue(
    'kubernetes-version',
    text,
    `write it as 1.34; there are schemas of ${KUBERNETES_VERSIONS.join(', ')}`,
  );
}

function readSeverity(text: string): 'error' | 'warning' {
  if (text === 'error' || text === 'warning') return text;
  throw wrongValue('fail-on', text, 'write error or warning');
}

function wrongValue(flag: string, text: string, remedy: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({
    code: 'usage',
    message: `the flag "--${flag}" is ${quote(text)}`,
    remedy,
  });
}
