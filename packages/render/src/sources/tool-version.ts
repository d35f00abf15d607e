import { type SourceTools, toolEnvironment } from './tools.ts';

/** Longer than any version, since a program of that name may print anything. */
const MAX_VERSION_LENGTH = 60;

/** The version that a tool reports, so that a difference between two runs can be explained; empty if it reports none. */
export async function toolVersion(
  command: 'helm' | 'kubectl',
  tools: SourceTools,
  home: string,
): Promise<string> {
  const args = command === 'helm' ? ['version', '--short'] : ['version', '--client', '--output', 'json'];
  const { exitCode, stdout } = await tools.exec(command, args, {
    cwd: home,
    environment: toolEnvironment(tools, home),
  });
  if (exitCode !== 0) return '';
  const text = command === 'helm' ? stdout : (/"kustomizeVersion": *"([^"]*)"/.exec(stdout)?.[1] ?? '');
  return (text.trim().split(/[+\s]/)[0] ?? '').slice(0, MAX_VERSION_LENGTH);
}
