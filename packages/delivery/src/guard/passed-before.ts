import {
  type Clock,
  formatDuration,
  formatProblem,
  type Problem,
  parseDuration,
  quote,
  SlipwayError,
  type Snapshot,
  type Verdict,
} from '@slipway/core';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { rolledBackText } from './rolled-back-text.ts';

/** Where a snapshot must have passed before it is deployed here, and for how long. */
interface Before {
  readonly formation: string;
  readonly destinations: readonly string[];
}

/**
 * Whether the snapshot has passed at every destination of the wave before, and passed as long ago as `soak` says where it is
 * promoted from, by the verdicts in the registry. That it passed there at all is for `promotionProblems` to say.
 * @returns the refusals; what is not known is one
 */
export async function passedBeforeProblems(
  desired: DesiredState,
  surroundings: Pick<DeliverySurroundings, 'openRegistry' | 'clock'>,
): Promise<readonly Problem[]> {
  const { snapshot } = desired;
  if (snapshot === undefined) return [];
  const [wave, soak] = [waveBefore(desired), soakOf(desired)];
  return [
    ...(wave === undefined ? [] : await waveProblems(desired, snapshot, wave, surroundings)),
    ...(soak === undefined ? [] : await soakProblems(snapshot, soak, surroundings)),
  ];
}

/** The destinations of the wave before; undefined in the first wave, and for a formation without waves. */
function waveBefore({ identity, checkout }: DesiredState): Before | undefined {
  const waves = checkout?.formation.spec.waves ?? [];
  const own = waves.findIndex(wave => wave.includes(identity.destination ?? ''));
  const destinations = waves[own - 1];
  return destinations && { formation: identity.formation, destinations };
}

interface Soak extends Before {
  /** The formation that has `soak`. */
  readonly of: string;
  readonly written: string;
  readonly milliseconds: number;
}

function soakOf({ identity, checkout }: DesiredState): Soak | undefined {
  const { soak: written, 'promoted-from': formation } = checkout?.formation.spec ?? {};
  if (written === undefined || formation === undefined) return undefined;
  const { destinations = {} } = checkout?.repository.formations.get(formation)?.spec ?? {};
  const milliseconds = parseDuration(written) ?? Number.POSITIVE_INFINITY;
  return {
    of: identity.formation,
    formation,
    destinations: Object.keys(destinations),
    written,
    milliseconds,
  };
}

async function waveProblems(
  { identity }: DesiredState,
  snapshot: Snapshot,
  wave: Before,
  { openRegistry }: Pick<DeliverySurroundings, 'openRegistry'>,
): Promise<Problem<DeliveryErrorCode>[]> {
  const own = `${identity.formation}/${identity.destination}`;
  const tag = quote(snapshot.deploymentTag);
  try {
    const verdicts = await readVerdicts(snapshot, wave, openRegistry);
    const passed = wave.destinations.filter(name => verdicts.get(name)?.verdict === 'succeeded');
    const lacking = wave.destinations.filter(name => !passed.includes(name));
    if (lacking.length === 0) return [];
    const where = (names: readonly string[]) => names.map(name => `${wave.formation}/${name}`).join(', ');
    const differ =
      passed.length === 0
        ? ''
        : `; ${where(passed)} has it, so the destinations differ: to roll all back, run "mode: rollback" there`;
    return [
      {
        code: 'wave-not-passed',
        message: `the snapshot ${tag} has not succeeded at ${where(lacking)}, in the wave before that of ${own}${rolledBackText(wave.formation, lacking, verdicts)}`,
        remedy: `deploy it there and verify it first${differ}`,
      },
    ];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const why = error.problems.map(formatProblem).join('; ');
    return [
      {
        code: 'wave-unknown',
        message: `it is not known whether the snapshot ${tag} has succeeded in the wave before that of ${own}: ${why}`,
        remedy: 'give the job a login to the registry that may pull',
      },
    ];
  }
}

async function soakProblems(
  snapshot: Snapshot,
  soak: Soak,
  { openRegistry, clock }: Pick<DeliverySurroundings, 'openRegistry' | 'clock'>,
): Promise<readonly Problem[]> {
  try {
    const verdicts = await readVerdicts(snapshot, soak, openRegistry);
    return soak.destinations.flatMap(name => {
      const verdict = verdicts.get(name);
      if (verdict?.verdict !== 'succeeded') return [];
      return soakProblem(snapshot, `${soak.formation}/${name}`, { soak, verdict, clock });
    });
  } catch (error) {
    if (error instanceof SlipwayError) return error.problems;
    throw error;
  }
}

/** The end of verification, by the clock of its runner, is compared with the clock of this one. */
function soakProblem(
  { deploymentTag }: Snapshot,
  target: string,
  { soak, verdict, clock }: { readonly soak: Soak; readonly verdict: Verdict; readonly clock: Clock },
): Problem<DeliveryErrorCode>[] {
  const tag = quote(deploymentTag);
  const finished = Date.parse(verdict.finished);
  if (Number.isNaN(finished))
    return [
      {
        code: 'not-soaked',
        message: `it is not known when the snapshot ${tag} passed at ${target}: its verdict says ${quote(verdict.finished)}`,
        remedy: 'verify it there again',
      },
    ];
  const age = clock().getTime() - finished;
  if (age >= soak.milliseconds) return [];
  const end = new Date(finished + soak.milliseconds).toISOString();
  return [
    {
      code: 'not-soaked',
      message: `the snapshot ${tag} passed at ${target} ${formatDuration(Math.max(0, age))} ago, and the soak of ${quote(soak.of)} is ${soak.written}`,
      remedy: `promote it after ${end}`,
    },
  ];
}

async function readVerdicts(
  snapshot: Snapshot,
  { formation, destinations }: Before,
  openRegistry: DeliverySurroundings['openRegistry'],
): Promise<ReadonlyMap<string, Verdict>> {
  const { verdictsOn } = await import('@slipway/registry');
  return await verdictsOn(await openRegistry(), snapshot, formation, destinations);
}
