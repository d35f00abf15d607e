import { type SourceTools, toolEnvironment } from './tools.ts';

/** Longer than any version; a program of that name may print anything. */
const MAX_VERSION_LENGTH = 60;

/** What a tool says its version is, so that a difference between two runs can be explained; empty if it does not say. */
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
