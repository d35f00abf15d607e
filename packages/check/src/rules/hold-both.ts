import type { Finding, Severity } from '@slipway/core';

const ORDER: readonly Severity[] = ['notice', 'warning', 'sign-off', 'error'];

const LIFTED = '(by the rules of the base commit, which hold until this is merged)';

/**
 * What has to be said by the rules of the checkout, by those of the base, or by both: a pull request may add rules, but what it
 * takes away holds until it is merged. A finding of both has the graver severity.
 */
export function holdBoth(own: readonly Finding[], base: readonly Finding[]): Finding[] {
  const ofBase = new Map(base.flatMap(finding => identitiesOf(finding).map(key => [key, finding] as const)));
  const known = new Set(own.flatMap(identitiesOf));
  const isNew = (finding: Finding): boolean => !identitiesOf(finding).some(key => known.has(key));
  return [
    ...own.map(finding => graver(finding, identitiesOf(finding).flatMap(key => ofBase.get(key) ?? [])[0])),
    ...base.filter(finding => isNew(finding) && isAboutObject(finding)).map(lifted),
  ];
}

/**
 * What makes findings of one run the same. The message is part of it, unlike in the fingerprint: a rule that says two things of one
 * field must lose neither. Of a sign-off the fingerprint is enough, as it says all that an approval is given for.
 */
function identitiesOf({
  severity,
  fingerprint,
  rule,
  object,
  pointer,
  message,
  ...setting
}: Finding): string[] {
  const said = JSON.stringify([rule, object, pointer, message, setting.formation, setting.destination]);
  return severity === 'sign-off' ? [fingerprint, said] : [said];
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
