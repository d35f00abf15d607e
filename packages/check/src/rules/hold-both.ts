import type { Finding, Severity } from '@slipway/core';

const ORDER: readonly Severity[] = ['notice', 'warning', 'sign-off', 'error'];

const LIFTED = '(by the rules of the base commit, which apply until this is merged)';

/**
 * The findings by the rules of the checkout, by those of the base, or by both: rules that a pull request adds apply at once, and rules
 * that it removes apply until it is merged. A finding of both has the higher severity.
 */
export function holdBoth(own: readonly Finding[], base: readonly Finding[]): Finding[] {
  const ofBase = new Map(base.flatMap(finding => identitiesOf(finding).map(key => [key, finding] as const)));
  const known = new Set(own.flatMap(identitiesOf));
  const isNew = (finding: Finding): boolean => !identitiesOf(finding).some(key => known.has(key));
  return [
    ...own.map(finding =>
      moreSevere(finding, identitiesOf(finding).flatMap(key => ofBase.get(key) ?? [])[0]),
    ),
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

function moreSevere(own: Finding, base: Finding | undefined): Finding {
  if (base === undefined) return own;
  // The base decides who may sign off.
  if (own.severity === 'sign-off' && base.severity === 'sign-off') return base;
  return ORDER.indexOf(own.severity) >= ORDER.indexOf(base.severity) ? own : lifted(base);
}

/** A sign-off that the pull request removes becomes an error until it is given: once merged, no one would ask for it again. */
function lifted(finding: Finding): Finding {
  const severity = finding.severity === 'sign-off' ? 'error' : finding.severity;
  return { ...finding, severity, message: `${finding.message} ${LIFTED}` };
}

/** A problem in a rule file of the base is fixed by the pull request that changes the file, so it does not block it. */
function isAboutObject({ object }: Finding): boolean {
  return object !== undefined;
}
