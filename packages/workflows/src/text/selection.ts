import { destinationsOf, type Formation, targetsOf } from '../application/application.ts';
import { wrapped } from './lines.ts';

/** The destinations of the formation in the input `formation`, or the one in the input `destination`, as lines of a matrix. */
export function chosenMatrix(formations: readonly Formation[]): string[] {
  const lists = formations.map(formation => {
    const [first = '', ...others] = destinationsOf(formation).map(({ name }) => JSON.stringify(name));
    return [`${JSON.stringify(formation.name)}: [${first}`, ...others].join(', ').concat(']');
  });
  return [
    'destination: >-',
    "  ${{ inputs.destination && fromJSON(format('[{0}]', toJSON(inputs.destination)))",
    ...table("|| fromJSON('{", lists, "}')[inputs.formation] }}"),
  ];
}

/** The environment of a job of that matrix; none if no destination has one. */
export function chosenEnvironment(formations: readonly Formation[]): string[] {
  const entries = formations
    .flatMap(targetsOf)
    .filter(({ environment }) => environment !== '')
    .map(
      ({ formation, destination, environment }) =>
        `${JSON.stringify(`${formation}/${destination}`)}: ${JSON.stringify(environment)}`,
    );
  if (entries.length === 0) return [];
  const key = "format('{0}/{1}', inputs.formation, matrix.destination)";
  return ['environment: >-', ...table("${{ fromJSON('{", entries, `}')[${key}] }}`)];
}

/** Lines that YAML folds into one: a text in JSON within an expression. */
function table(before: string, entries: readonly string[], after: string): string[] {
  const [first = '', ...others] = entries.flatMap(entry => entry.split(/, (?=")/));
  const parts = [`${before} ${first}`, ...others];
  return wrapped([...parts.slice(0, -1), `${parts.at(-1)} ${after}`]).map(line => `  ${line}`);
}
