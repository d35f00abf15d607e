import type { SettingsReader } from './store.ts';

/** What `env=` lines name: secrets of the release, which log in nowhere and which no program gets. */
export function namesOfSecrets({ allowances }: Pick<SettingsReader, 'allowances'>): string[] {
  return allowances.flatMap(({ store, name }) => (store === 'env' ? [name] : []));
}

/** The one rule which variables are whose: those that `env=` lines name are the release's, and logins and programs get the others. */
export function divideEnvironment(
  step: Pick<SettingsReader, 'environment' | 'allowances'>,
): Pick<SettingsReader, 'environment' | 'released'> {
  const names = new Set(namesOfSecrets(step));
  const entries = Object.entries(step.environment);
  return {
    environment: Object.fromEntries(entries.filter(([name]) => !names.has(name))),
    released: Object.fromEntries(entries.filter(([name]) => names.has(name))),
  };
}

/** Why variables that are set do not log in, to be added to a message; empty if there are none. */
export function withheldText(
  { released }: Pick<SettingsReader, 'released'>,
  names: readonly string[],
): string {
  const withheld = names.filter(name => released[name]);
  const verb = withheld.length === 1 ? 'is' : 'are';
  return withheld.length === 0
    ? ''
    : ` (${withheld.join(', ')} ${verb} not used, because an "env=" line of "secrets" makes it a secret of the release)`;
}
