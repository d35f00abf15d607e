import { SlipwayError } from '@slipway/core';
import { filesBelow } from '@slipway/render';
import { WORKFLOWS_FOLDER, writtenFor } from '@slipway/workflows';

/** A workflow that this program has written, as it is now. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** The workflows of all applications of a repository. None where one cannot be read, which whoever compares them says. */
export async function writtenFiles(repository: string): Promise<WrittenFile[]> {
  const files = filesBelow(repository);
  try {
    const paths = (await files.list(WORKFLOWS_FOLDER)).filter(path => /\.ya?ml$/.test(path));
    const all = await Promise.all(
      paths.map(async path => ({ path, text: Buffer.from((await files.read(path)) ?? []).toString('utf8') })),
    );
    return all.filter(({ text }) => writtenFor(text) !== undefined);
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}
