/** The annotation that makes an object a hook of Helm: https://helm.sh/docs/topics/charts_hooks/ */
export const HELM_HOOK = 'helm.sh/hook';

/** When Helm runs a hook, as far as a release has such a moment: `never` for those of a deletion, a rollback or a test. */
export type HookMoment = 'before' | 'after' | 'test' | 'never';

/**
 * @param hook the value of the annotation, such as `pre-install,pre-upgrade`
 * @returns undefined for what Helm itself treats like any other object
 */
export function hookMoment(hook: string): HookMoment | undefined {
  const events = hook.split(',').map(event => event.trim());
  const isFor = (...starts: string[]) => events.some(event => starts.some(start => event.startsWith(start)));
  if (isFor('pre-install', 'pre-upgrade')) return 'before';
  if (isFor('post-install', 'post-upgrade')) return 'after';
  if (events.every(event => event === 'crd-install')) return undefined;
  return events.every(event => event.startsWith('test')) ? 'test' : 'never';
}
