import type { Finding, Severity } from '@slipway/core';

const ORDER: readonly Severity[] = ['notice', 'warning', 'sign-off', 'error'];

const LIFTED = '(by the rules of the base commit, which hold until this is merged)';

/**
 * What has to be said by the rules of the checkout, by those of the base, or by both: a pull request may add rules, but what it
 * takes away holds until it is merged. A finding of both has the graver severity.
 */
export function holdBoth(own: readonly Finding[], base: readonly Finding[]): Finding[] {
  const ofBase = new Map(base.map(finding => [finding.fingerprint, finding]));
  const known = new Set(own.map(({ fingerprint }) => fingerprint));
  return [
    ...own.map(finding => graver(finding, ofBase.get(finding.fingerprint))),
    ...base.filter(finding => !known.has(finding.fingerprint) && isAboutObject(finding)).map(lifted),
  ];
}

function graver(own: Finding, base: Finding | undefined): Finding {
  if (base === undefined) return own;
  // Who may sign off is for the base to say.
  if (own.severity === 'sign-off' && base.severity === 'sign-off') return base;
  return ORDER.indexOf(own.severity) >= ORDER.indexOf(base.severity) ? own : lifted(base);
}

/** A sign-off that the pull request does away with is refused until it is given: once this is merged nobody asks for it any more. */
function lifted(finding: Finding): Finding {
  const severity = finding.severity === 'sign-off' ? 'error' : finding.severity;
  return { ...finding, severity, message: `${finding.message} ${LIFTED}` };
}

/** What is wrong with a file of rules itself is mended by the pull request that changes the file. */
function isAboutObject({ object }: Finding): boolean {
  return object !== undefined;
}
