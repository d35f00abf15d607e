import { causeOf } from './words.ts';

/** What is longer is not needed to see whether it reports a failure. */
const LONGEST = 2000;

/** Whether a sentence reports a failure; used only where no reason tells. What is so until something else is, takes time. */
export function reportsFailure(sentence: string): boolean {
  if (/\b(?:until|in \w{1,30}ing state)\b/i.test(sentence.slice(0, LONGEST))) return false;
  return /\b(?:cannot|could not|no \w+ could|denied|does not exist|err|error|errors|exceeded|fail(?:ed|s|ure|ures)?|forbidden|invalid|no such|not allowed|not authorized|not found|refused|rejected|timed out|unable to|unauthorized)\b/i.test(
    sentence.slice(0, LONGEST),
  );
}

/** Whether a sentence reports a failure with its first word, such as `AccessDenied:`, or names what makes a container wait in vain. */
export function isFailureReport(sentence: string): boolean {
  const [, code = ''] = /^([A-Za-z]{3,80}):/.exec(sentence) ?? [];
  return (
    causeOf(code) === 'failed' ||
    /^(?:cannot|could not|couldn't|failed to|unable to)\b|\b(?:CrashLoopBackOff|ErrImagePull|ImagePullBackOff)\b/i.test(
      sentence.slice(0, LONGEST),
    )
  );
}
