import { describe, expect, test } from '@jest/globals';
import { contributionsFor, filesOf, guessesIn } from '../src/index.ts';

const EXPRESS = {
  'package.json': '{"scripts":{"start":"node server.js"},"dependencies":{"express":"^5.0.0"}}',
  'package-lock.json': '{}',
  'server.js': 'app.listen(process.env.PORT || 4100);',
};

function proposed(texts: Readonly<Record<string, string>>) {
  return contributionsFor({ files: filesOf(texts), name: 'shop', answers: {} });
}

describe('what init proposes for source code', () => {
  test('is an image that runs as a user by number, in exec form, on the port in the source', async () => {
    const { files } = await proposed(EXPRESS);
    const text = files.find(({ path }) => path === 'Dockerfile')?.text;
    expect(text).toMatch(/USER 1000:1000\nEXPOSE 4100\nCMD \["node", "server.js"\]\n$/);
  });

  test('marks what the repository does not say as a guess', async () => {
    const { files } = await proposed({ ...EXPRESS, 'server.js': 'require("./app");' });
    const guesses = guessesIn(files).map(({ path, why }) => `${path}: ${why}`);
    expect(guesses).toContain('Dockerfile: no port was found in the source');
    expect(guesses).toContain('Dockerfile: nothing chooses a version of Node');
  });

  test('repeats no literal that looks like a secret, and names its line', async () => {
    const { files, remarks } = await proposed({
      ...EXPRESS,
      '.env': 'COLOUR=blue\nAPI_TOKEN=example-only-1a2b\n',
    });
    expect(JSON.stringify([files, remarks])).not.toContain('example-only-1a2b');
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'secret', at: { path: '.env', line: 2, column: 1 } }),
    );
    expect(files.find(({ path }) => path === '.dockerignore')?.text).toContain('\n**/.env\n');
  });

  test('makes a database a secret to fill in, and a cache a ready-made service', async () => {
    const dependencies = '{"express":"^5.0.0","pg":"^8.0.0","ioredis":"^5.0.0"}';
    const { files, services } = await proposed({
      ...EXPRESS,
      'package.json': `{"scripts":{"start":"node server.js"},"dependencies":${dependencies}}`,
    });
    expect(services.map(({ name }) => name)).toEqual(['shop', 'redis']);
    expect(files.find(({ path }) => path === 'config/secrets.yaml')?.text).toContain(
      'name: SHOP_DATABASE_URL',
    );
  });

  test('writes no Dockerfile where there is one, and takes its port and user', async () => {
    const { files } = await proposed({ ...EXPRESS, Dockerfile: 'FROM node:24\nUSER 4321\nEXPOSE 5000\n' });
    expect(files.map(({ path }) => path)).not.toContain('Dockerfile');
  });

  test('has no file for a library', async () => {
    const { files } = await proposed({
      'package.json': '{"name":"left-pad","main":"index.js"}',
      'index.js': '',
    });
    expect(files).toEqual([]);
  });

  test('takes the whole path as the name where two folders have one name', async () => {
    const within = (folder: string) =>
      Object.fromEntries(Object.entries(EXPRESS).map(([path, text]) => [`${folder}/${path}`, text]));
    const { services } = await proposed({ ...within('a/api'), ...within('b/api') });
    expect(services.map(({ name }) => name)).toEqual(['api', 'b-api']);
  });
});
