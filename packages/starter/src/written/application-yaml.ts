import { API_VERSION, excerpt } from '@slipway/core';
import { stringifyYaml, type ValueComments } from '@slipway/yaml';
import type { ProposedService } from '../proposal/contribution.ts';
import { GUESS } from '../proposal/guesses.ts';

/** What slipway.yaml says. */
export interface ProposedApplication {
  readonly name: string;
  readonly registry: string;
  /** Why the registry is a guess. */
  readonly guess?: string;
  readonly services: readonly ProposedService[];
}

/** The text of slipway.yaml. */
export function applicationYaml({ name, registry, guess, services }: ProposedApplication): string {
  const comments = new Map<string, ValueComments>();
  if (guess !== undefined) comments.set('/spec/registry', guessed(guess));
  for (const one of services)
    if (one.guess !== undefined) comments.set(`/spec/services/${one.name}`, guessed(one.guess));
  const named = Object.fromEntries(services.map(({ name: key, service }) => [key, service as never]));
  const spec = { registry, services: named };
  const value = { apiVersion: API_VERSION, kind: 'Application', metadata: { name }, spec };
  return stringifyYaml(value, comments);
}

const MAX_REASON = 160;

/** One line, whatever the reason repeats of the repository. */
export function guessed(reason: string): ValueComments {
  return { beside: GUESS + excerpt(reason, MAX_REASON) };
}
