import type { Naming } from '../request.ts';

/** The note for a Secret that the plan did not open: what another content means for what refers to it. */
export function hiddenNote(naming: Naming | undefined): string {
  const known = 'content known at deploy';
  if (naming === undefined || naming.fixed !== undefined || naming.users.length === 0) return known;
  // A Job that refers to another name is another Job; the pods of the old one have ended.
  const jobs = naming.users.filter(isJobName);
  const others = naming.users.filter(user => !isJobName(user));
  const effects = [
    ...(others.length === 0 ? [] : [`the pods of ${others.join(', ')} restart`]),
    ...(jobs.length === 0 ? [] : [`${jobs.join(', ')} ${jobs.length === 1 ? 'runs' : 'run'} again`]),
  ];
  return `${known}: ${effects.join(', and ')} if it changed`;
}

function isJobName(user: string): boolean {
  return user.startsWith('Job ');
}
