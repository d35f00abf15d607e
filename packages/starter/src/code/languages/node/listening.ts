import type { RepositoryFiles } from '../../../look/repository-files.ts';
import { filesIn } from '../../../look/repository-files.ts';
import { guessed, type Known, known } from '../../facts/known.ts';
import { findText } from '../../facts/searching.ts';
import type { Framework } from './frameworks.ts';
import type { Start } from './start.ts';

/** A default beside the variable PORT, or a number that is passed to `listen`. */
const LISTENS =
  /\bPORT\b['"\])]*\s*(?:\|\||\?\?)\s*['"]?(\d{2,5})\b|\.listen\(\s*(?:\{[^}]*?port:\s*)?(?:process\.env\.PORT\s*(?:\|\||\?\?)\s*)?(\d{2,5})\b/;

/** What is written in the source, else what the framework does. Undefined for what is not known to listen. */
export async function listeningPort(
  files: RepositoryFiles,
  { command }: Start,
  framework: Framework | undefined,
  workspace: string | undefined,
): Promise<Known<number> | undefined> {
  const flag = /(?:^|\s)(?:-p|--port)[ =](\d{2,5})\b/.exec(command.value.join(' '))?.[1];
  if (flag !== undefined) return known(Number(flag));
  const own = filesIn(files, workspace ?? '');
  const found = await findText(own, /(?:^|\/)(?:www|[^/]+\.(?:[cm]?[jt]s))$/, LISTENS);
  const digits = found?.match.slice(1).find(one => one !== undefined);
  if (digits !== undefined) return known(Number(digits));
  if (framework?.port === undefined) return undefined;
  const isOwn = framework.start !== undefined || framework.environment !== undefined;
  return isOwn ? known(framework.port) : guessed(framework.port, 'no port was found in the source');
}
