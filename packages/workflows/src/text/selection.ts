import { type Problem, quote } from '@slipway/core';
import { type Application, destinationsOf, type Formation } from '../application/application.ts';
import type { WorkflowErrorCode } from '../error-codes.ts';
import { wrapped } from './lines.ts';

/** Characters of an expression. https://github.com/actions/runner/blob/v2.330.0/src/Sdk/DTExpressions2/Expressions2/ExpressionConstants.cs */
const MAX_EXPRESSION = 21_000;

/** Tables that GitHub would not read, which it would only say once the workflow runs. */
export function selectionProblems({ name, formations }: Application): Problem<WorkflowErrorCode>[] {
  const lengths = [chosenMatrix(formations), chosenEnvironment(formations)].map(
    lines =>
      lines
        .slice(1)
        .map(line => line.trim())
        .join(' ').length,
  );
  const longest = Math.max(...lengths);
  if (longest <= MAX_EXPRESSION) return [];
  return [
    {
      code: 'workflow-too-large',
      message: `the destinations of ${quote(name)} and their environments need an expression of ${longest} characters, and one of GitHub has at most ${MAX_EXPRESSION}`,
      remedy: 'split the application into several, or give shorter names',
    },
  ];
}

/**
 * The destinations of the formation in the input `formation`, or the one in the input `destination`, as lines of a matrix. They are taken
 * from the table and never from an input: what is not in the table becomes a text that is not JSON, which ends the run before a job begins.
 */
export function chosenMatrix(formations: readonly Formation[]): string[] {
  const lists = formations.map(formation => {
    const names = destinationsOf(formation).map(({ name }) => JSON.stringify(name));
    return mapOf(formation, [`"": [${names.join(', ')}]`, ...names.map(name => `${name}: [${name}]`)]);
  });
  return [
    'destination: >-',
    ...table("${{ fromJSON('{", lists, "}')[inputs.formation][inputs.destination]"),
    "  || fromJSON(format('{0} has no destination {1}', inputs.formation, inputs.destination)) }}",
  ];
}

/** The environment of a job of that matrix; none if no destination has one. */
export function chosenEnvironment(formations: readonly Formation[]): string[] {
  const lists = formations.flatMap(formation => {
    const entries = destinationsOf(formation).flatMap(({ name, environment = '' }) =>
      environment === '' ? [] : [`${JSON.stringify(name)}: ${JSON.stringify(environment)}`],
    );
    return entries.length === 0 ? [] : [mapOf(formation, entries)];
  });
  if (lists.length === 0) return [];
  return [
    'environment: >-',
    ...table("${{ fromJSON('{", lists, "}')[inputs.formation][matrix.destination] }}"),
  ];
}

function mapOf({ name }: Formation, entries: readonly string[]): string {
  return `${JSON.stringify(name)}: { ${entries.join(', ')} }`;
}

/** Lines that YAML folds into one: a text in JSON within an expression. */
function table(before: string, entries: readonly string[], after: string): string[] {
  const [first = '', ...others] = entries.flatMap(entry => entry.split(/, (?=")/));
  const parts = [`${before} ${first}`, ...others];
  return wrapped([...parts.slice(0, -1), `${parts.at(-1)} ${after}`]).map(line => `  ${line}`);
}
