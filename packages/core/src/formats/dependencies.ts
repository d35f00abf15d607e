import type { Problem } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { quote } from '../quote.ts';
import type { SourceDocument } from '../source-document.ts';
import type { FormatErrorCode } from './validate.ts';

/** What other services depend on in a service. */
export interface Dependent {
  readonly build?: {
    readonly contexts?: Readonly<Record<string, string>>;
    readonly 'depends-on'?: readonly string[];
  };
}

type Services = Readonly<Record<string, Dependent>>;

/** What is wrong with the dependencies between services: unknown names, names that mean two things, and circles. */
export function dependencyProblems(services: Services, document: SourceDocument): Problem<FormatErrorCode>[] {
  return Object.keys(services).flatMap(service =>
    dependenciesOf(services, service).flatMap((dependency, index): Problem<FormatErrorCode>[] => {
      const problem = dependencyProblem(services, service, dependency);
      const at = document.positionOf(['spec', 'services', service, 'build', 'depends-on', index]);
      return problem === undefined ? [] : [{ code: 'format-invalid', at, ...problem }];
    }),
  );
}

function dependencyProblem(
  services: Services,
  service: string,
  dependency: string,
): Pick<Problem, 'message' | 'remedy'> | undefined {
  if (!Object.hasOwn(services, dependency)) {
    const candidate = nearest(dependency, Object.keys(services));
    const remedy =
      candidate === undefined
        ? `declared: ${Object.keys(services).join(', ')}`
        : `did you mean ${quote(candidate)}?`;
    return { message: `there is no service ${quote(dependency)}`, remedy };
  }
  if (Object.hasOwn(services[service]?.build?.contexts ?? {}, dependency))
    return {
      message: `${quote(dependency)} is a service and one of the contexts, and the Dockerfile can mean only one`,
      remedy: 'give the context another name',
    };
  const circle = pathTo(services, dependency, service);
  // Every service of a circle leads around it: the first by name speaks for all.
  if (circle === undefined || circle.some(name => name < service)) return undefined;
  const shown = [service, ...circle].map(quote).join(' needs ');
  return { message: `${shown}: none of them can be built first`, remedy: 'remove one of the dependencies' };
}

/** The way along dependencies from one service to another, both included. */
function pathTo(
  services: Services,
  from: string,
  to: string,
  seen = new Set<string>(),
): string[] | undefined {
  if (from === to) return [to];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const next of dependenciesOf(services, from)) {
    const rest = pathTo(services, next, to, seen);
    if (rest !== undefined) return [from, ...rest];
  }
  return undefined;
}

function dependenciesOf(services: Services, service: string): readonly string[] {
  return (Object.hasOwn(services, service) ? services[service]?.build?.['depends-on'] : undefined) ?? [];
}
