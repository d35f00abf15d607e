/** Where a release goes. */
export interface Target {
  readonly application: string;
  readonly formation: string;
  readonly destination?: string | undefined;
  readonly namespace: string;
}

/** `shop/production at eu`; plain text. Objects of other tools have no application, and are told apart by their namespace. */
export function targetName({ application, formation, destination = '', namespace }: Target): string {
  if (application === '') return `namespace ${namespace}`;
  return `${application}/${formation}${destination === '' ? '' : ` at ${destination}`}`;
}
