import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

/** Prints the seconds of each part of the walk of docs/start.md; the file that SLIPWAY_STOPWATCH names becomes a page with them. */
export function writeStopwatch(seconds: ReadonlyMap<string, number>): void {
  const total = [...seconds.values()].reduce((sum, taken) => sum + taken, 0);
  const table = [
    '| what the machine does | seconds |',
    '| --- | --- |',
    ...[...seconds].map(([what, taken]) => `| ${what} | ${taken.toFixed(1)} |`),
    `| together | ${total.toFixed(1)} |`,
  ].join('\n');
  const machine = `Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`;
  process.stderr.write(`${table}\n${machine}\n`);
  const file = process.env['SLIPWAY_STOPWATCH'];
  if (file !== undefined) writeFileSync(file, pageOf(table, machine));
}

function pageOf(table: string, machine: string): string {
  return `# The ten minutes of docs/start.md, ${new Date().toISOString().slice(0, 10)}

[The page](../../docs/start.md) walked by a test (\`test/start.test.itg.ts\`) with its own commands, on a real API server whose 17 objects kubectl had applied; pods are played by kwok, GitHub by a double, and its runners by act.
A person wrote 11 lines for the first comment and 0 after \`init\`; no file was moved or changed.
What a person reads and clicks is not in the figures, nor what GitHub adds to each run: starting a runner, and downloading the actions.
Each run of a release waits 30 s, for which everything has to stay ready.

${table}

${machine}
Repeat with \`npm run bench -- start\`, which writes this page.
`;
}
