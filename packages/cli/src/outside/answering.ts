import { quote, SlipwayError } from '@slipway/core';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { answerOf, type ProgramAnswer } from './programs.ts';

/** How long a cluster has for its first answer. */
const FIRST_ANSWER = '10s';

/** A cluster as this machine reaches it. */
export interface Reachable {
  /** The name of its context. */
  readonly name: string;
  readonly server: string;
}

/**
 * Asks a cluster for its version, in one request. Before any other request kubectl asks for the kinds that there are, five times where no
 * one answers.
 * @returns why there was no answer; undefined for any answer, a refusal included
 */
export async function whySilent({ name }: Reachable, { exec, signal }: Machine): Promise<string | undefined> {
  signal.throwIfAborted();
  const flags = [`--context=${name}`, `--request-timeout=${FIRST_ANSWER}`];
  const answer = answerOf(await exec('kubectl', [...flags, 'get', '--raw=/version']));
  return answer.exitCode === 0 || isRefusal(answer) ? undefined : silence(answer);
}

/** What the server itself said. */
function isRefusal({ said }: ProgramAnswer): boolean {
  return /Error from server|\((?:Forbidden|Unauthorized|NotFound)\)/.test(said);
}

function silence({ said, exitCode }: ProgramAnswer): string {
  if (/timeout|deadline|canceled/i.test(said)) return `no answer within ${FIRST_ANSWER}`;
  return said === '' ? `exit code ${exitCode}` : said;
}

/** @throws SlipwayError `cluster-silent` for each cluster that does not answer */
export async function checkAnswering(clusters: readonly Reachable[], machine: Machine): Promise<void> {
  const asked = await Promise.all(
    clusters.map(async cluster => ({ cluster, why: await whySilent(cluster, machine) })),
  );
  const [first, ...others] = asked.flatMap(({ cluster, why }) =>
    why === undefined ? [] : [silent(cluster, why)],
  );
  if (first !== undefined) throw new SlipwayError<CliErrorCode>([first, ...others]);
}

function silent({ name, server }: Reachable, why: string) {
  return {
    code: 'cluster-silent',
    message: `the cluster ${quote(server)} of the context ${quote(name)} cannot be reached: ${why}`,
    remedy: 'check its address, and the network or VPN that leads there; nothing was written',
  } as const;
}
