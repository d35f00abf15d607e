import type { SettingsReader } from './store.ts';

type Environment = SettingsReader['environment'];

/** What `env=` lines name: secrets of the release, which log in nowhere and which no program gets. */
export function namesOfSecrets({ allowances }: Pick<SettingsReader, 'allowances'>): string[] {
  return allowances.flatMap(({ store, name }) => (store === 'env' ? [name] : []));
}

export function withoutNames(environment: Environment, names: readonly string[]): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}
