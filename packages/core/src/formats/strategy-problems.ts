import type { Problem } from '../errors.ts';
import type { Path } from '../json.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';
import type { StepStrategy, StrategyStep } from './strategy.ts';
import { invalid, type StrategyErrorCode, type WrittenStrategy } from './strategy-problem.ts';
import { spanProblems } from './strategy-times.ts';

type Found = Problem<StrategyErrorCode>;

const MOST_BESIDE = 50;
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
/** What a release can wait for besides the pauses of its author. */
const TAKEN = /^(?:time|step-\d+|commit-refused|foreign-edit|stable)$/;

/**
 * What is wrong with a strategy by itself, whatever manifests it is for.
 * @param path of the strategy within the document
 */
export function strategyProblems(
  strategy: StepStrategy | undefined,
  document: SourceDocument,
  path: Path,
): Found[] {
  if (strategy === undefined) return [];
  const written = { strategy, positionOf: (inner: Path) => document.positionOf([...path, ...inner]) };
  return [
    ...weightProblems(written),
    ...pauseProblems(written),
    ...decisionProblems(written),
    ...workloadProblems(written),
    ...spanProblems(written),
  ];
}

function weightProblems({ strategy: { steps }, positionOf }: WrittenStrategy): Found[] {
  return steps.flatMap(({ weight }, index) => {
    const at = positionOf(['steps', index, 'weight']);
    const before = steps[index - 1];
    const possible = impossible(weight);
    if (possible !== undefined)
      return [invalid(at, `step ${index + 1} has the weight ${weight}${possible[0]}`, possible[1])];
    if (before === undefined || impossible(before.weight) !== undefined || weight > before.weight) return [];
    return [
      invalid(
        at,
        `step ${index + 1} has the weight ${weight}, and the one before it has ${before.weight}`,
        'let the weights rise; bake and pause of one weight belong to one step',
      ),
    ];
  });
}

function impossible(weight: number): [why: string, remedy: string] | undefined {
  if (weight < 0 || weight > 100) return ['', 'a weight is a percentage: 0, 1 to 50, or 100'];
  if (weight <= MOST_BESIDE || weight === 100) return undefined;
  return [
    ', and a Service gives each pod the same share, so that the copy would need more pods than the version that serves',
    'use up to 50, or 100; weights between them come with routes, which come later',
  ];
}

function pauseProblems({ strategy: { steps }, positionOf }: WrittenStrategy): Found[] {
  const seen = new Map<string, number>();
  return steps.flatMap(({ pause }, index) => {
    if (pause === undefined) return [];
    const at = positionOf(['steps', index, 'pause']);
    const first = seen.get(pause);
    if (first === undefined) seen.set(pause, index + 1);
    else
      return [
        invalid(
          at,
          `steps ${first} and ${index + 1} both pause for ${quote(pause)}`,
          'a decision names its pause, so give each another name',
        ),
      ];
    if (pause === 'hold')
      return [
        invalid(
          at,
          'a pause is called "hold", which is what freezes a formation',
          'give it another name, such as commit',
        ),
      ];
    if (TAKEN.test(pause))
      return [
        invalid(
          at,
          `a pause is called ${quote(pause)}, which a release waits for by itself`,
          'give it another name, such as commit',
        ),
      ];
    return SLUG.test(pause)
      ? []
      : [
          invalid(
            at,
            `the pause ${quote(pause)} cannot be named in a decision`,
            'use a-z, 0-9 and -, at most 40 characters, such as commit',
          ),
        ];
  });
}

/** Who decides, where there is nothing to decide. */
function decisionProblems({ strategy: { steps }, positionOf }: WrittenStrategy): Found[] {
  return steps.flatMap((step, index) =>
    (['by', 'not'] as const)
      .filter(field => step[field] !== undefined && step.pause === undefined)
      .map(field =>
        invalid(
          positionOf(['steps', index, field]),
          `step ${index + 1} says ${quote(field)} of a decision, and does not pause`,
          `add pause: commit, or remove ${field}`,
        ),
      ),
  );
}

function workloadProblems({ strategy: { workloads = [], steps }, positionOf }: WrittenStrategy): Found[] {
  const names = workloads.map(workload => (typeof workload === 'string' ? workload : workload.name));
  const twice = names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [invalid(positionOf(['workloads', index]), `the workload ${quote(name)} is named twice`, 'keep one')],
  );
  const worker = workloads.find(workload => typeof workload === 'object' && workload['takes-work'] === true);
  if (typeof worker !== 'object') return twice;
  return [...twice, ...workerProblems(worker.name, steps, positionOf)];
}

function workerProblems(
  worker: string,
  steps: readonly StrategyStep[],
  positionOf: WrittenStrategy['positionOf'],
): Found[] {
  const whole = steps.findIndex(({ weight }) => weight === 100);
  if (whole >= 0)
    return [
      invalid(
        positionOf(['steps', whole, 'weight']),
        `the weight 100 is not possible with ${quote(worker)}, which takes its work itself: nothing keeps the old pods from taking theirs`,
        'end with a weight of 1 to 50, or remove it from the workloads',
      ),
    ];
  if (steps.some(({ weight }) => weight !== 0)) return [];
  return [
    invalid(
      positionOf(['steps', 0, 'weight']),
      `${quote(worker)} takes its work itself, so it has no copy at a weight of 0, and no step has another`,
      'add a step with a weight of 1 to 50',
    ),
  ];
}
