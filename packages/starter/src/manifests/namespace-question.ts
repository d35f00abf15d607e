import type { ProposedFormation, Question } from '../proposal/contribution.ts';
import type { Answers } from '../proposal/facts.ts';
import { NAMESPACE } from './namespace.ts';

/**
 * The question for a namespace that no manifest names, as `kubectl apply` was told it by a flag or a context. What runs in another one
 * would run twice. Where several formations lack it, each has a line that is a guess instead.
 */
export function whichNamespace(formations: readonly ProposedFormation[]): Question[] {
  const [one, ...others] = formations.filter(({ guess }) => guess !== undefined);
  if (one === undefined || others.length > 0) return [];
  const { namespace } = one;
  return [
    {
      id: 'namespace',
      text: 'In which namespace does it run, or will it?',
      choices: namespace === 'default' ? [namespace] : [namespace, 'default'],
      isOpen: true,
      check: namespaceProblem,
    },
  ];
}

/** The formations with the namespace that someone gave for the one that lacks it. */
export function answeredNamespace(
  formations: readonly ProposedFormation[],
  { namespace }: Answers,
): readonly ProposedFormation[] {
  if (namespace === undefined || whichNamespace(formations).length === 0) return formations;
  return formations.map(({ guess, ...formation }) =>
    guess === undefined ? formation : { ...formation, namespace },
  );
}

function namespaceProblem(text: string): string | undefined {
  return NAMESPACE.test(text) ? undefined : 'it must be a name in lower case, such as shop';
}
