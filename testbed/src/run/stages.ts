import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STAGES = fileURLToPath(new URL('../../stages', import.meta.url));

/** All stages as one kwok configuration. A line `# include <file>` stands for that file's text, indented like the line. */
export async function readStages(): Promise<string> {
  const names = (await readdir(STAGES)).filter(name => name.endsWith('.yaml')).sort();
  const stages = await Promise.all(
    names.map(async name => include(await readFile(join(STAGES, name), 'utf8'))),
  );
  return stages.join('---\n');
}

async function include(stage: string): Promise<string> {
  const lines = await Promise.all(
    stage.split('\n').map(async line => {
      const [, indent, file] = /^( *)# include (\S+)$/.exec(line) ?? [];
      if (indent === undefined || file === undefined) return line;
      const text = await readFile(join(STAGES, file), 'utf8');
      return text.trimEnd().replace(/^(?=.)/gm, indent);
    }),
  );
  return lines.join('\n');
}
