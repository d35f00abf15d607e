import { execFile } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const SOURCE = new URL('../src/end-process.ts', import.meta.url).href;

/** How a process ends that runs `script` and then ends itself with the code 3. */
async function endOf(script: string): Promise<{ readonly code: unknown; readonly output: string }> {
  const text = `import { endProcess } from '${SOURCE}';\n${script}\nendProcess(process, 3);\n`;
  return await new Promise(resolve =>
    execFile(
      process.execPath,
      ['--no-warnings', '--input-type=module', '--eval', text],
      { timeout: 60_000 },
      (error, output) => resolve({ code: error?.code, output }),
    ),
  );
}

describe('a process that is ended', () => {
  it('ends by itself, with the code, where nothing keeps it', async () => {
    expect(await endOf("process.on('beforeExit', () => console.log('nothing is left'));")).toEqual({
      code: 3,
      output: 'nothing is left\n',
    });
  });

  it('is not kept by connections, servers and programs', async () => {
    const script = `
      import { once } from 'node:events';
      import { spawn } from 'node:child_process';
      import { connect, createServer } from 'node:net';
      const server = createServer().listen(0);
      await once(server, 'listening');
      await once(connect(server.address().port), 'connect');
      const program = spawn('sleep', ['60'], { stdio: 'pipe' });
      process.on('beforeExit', () => console.log('nothing is left'));
      process.on('exit', () => program.kill());`;
    expect(await endOf(script)).toEqual({ code: 3, output: 'nothing is left\n' });
  });

  it('ends nevertheless where something keeps it', async () => {
    const script = "setInterval(() => {}, 1000); process.on('beforeExit', () => console.log('left alone'));";
    expect(await endOf(script)).toEqual({ code: 3, output: '' });
  });
});
