import type { Problem } from '../errors.ts';
import { formatPointer, type Path } from '../json.ts';
import type { FormatErrorCode } from './validate.ts';

/** What is there instead of a field that comes later, or that other tools have under another name. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  [
    'route',
    'remove it: routes come later, and until then the share follows from the pods that a Service selects',
  ],
  ['patches', 'remove it: patches of other traffic objects come later, and until then a Service decides'],
  [
    'match',
    'remove it: users cannot be chosen by a header or cookie yet; a first step of weight 0 with a pause lets you try the new version at <service>-next',
  ],
  ['labels', 'remove it: the pods of the copy have the label slipway.dev/track, and no other is needed'],
  ['compare-with', 'remove it: the copy is compared with the pods that serve beside it'],
  ['hold', 'use pause: a hold is set by "mode: hold", and keeps a whole formation as it is'],
  ['setWeight', 'use weight'],
  ['duration', 'use bake'],
  ['interval', 'use bake'],
  ['analysis', 'use verify.checks: each step is judged by them'],
  ['canary', 'write steps: canary and blue/green are lists of them'],
  ['strategy', 'write what is below it, without the key'],
  ['blueGreen', 'write steps: [{weight: 0, pause: look}, {weight: 100, bake: 20m}]'],
]);

const STEPS = 'write the steps, such as steps: [{weight: 20, bake: 10m}, {weight: 50, bake: 10m}], or none';
const SPAN = 'write a duration such as 10m, with its unit';
const PAUSE = 'give the pause a name, such as commit; how long a step lasts is its bake';

/**
 * The problems of a document with a strategy, with what to do about fields that a strategy does not have.
 * @param path of the strategy within the document
 */
export function withStrategyRemedies(
  problems: readonly Problem<FormatErrorCode>[],
  path: Path,
): Problem<FormatErrorCode>[] {
  const start = formatPointer(path);
  return problems.map(problem => {
    const { subject = '' } = problem;
    const remedy = subject.startsWith(start) ? remedyOf(subject.slice(start.length)) : undefined;
    return remedy === undefined ? problem : { ...problem, remedy };
  });
}

function remedyOf(subject: string): string | undefined {
  if (/^ type /.test(subject)) return STEPS;
  if (/^\/steps\/\d+\/pause type /.test(subject)) return PAUSE;
  if (/^(?:\/steps\/\d+\/bake|\/(?:warm-up|drain|attend|expires)) type /.test(subject)) return SPAN;
  const [, unknown = ''] = /^(?:\/steps\/\d+)? additionalProperties (.+)$/.exec(subject) ?? [];
  return INSTEAD.get(unknown);
}
