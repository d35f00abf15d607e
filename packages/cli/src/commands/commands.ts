import type { Command } from '../command-line/command.ts';
import { CHECK } from './check-command.ts';
import { DIFF } from './diff-command.ts';
import { DOCTOR } from './doctor-command.ts';
import { EXPLAIN } from './explain-command.ts';
import { INIT } from './init-command.ts';
import { PLAN } from './plan-command.ts';
import { RELEASES } from './releases-command.ts';
import { RENDER } from './render-command.ts';
import { SETUP } from './setup-command.ts';
import { WORKFLOWS } from './workflows-command.ts';

/** In the order in which people meet them. */
export const COMMANDS: readonly Command[] = [
  INIT,
  WORKFLOWS,
  SETUP,
  DOCTOR,
  RENDER,
  CHECK,
  EXPLAIN,
  DIFF,
  PLAN,
  RELEASES,
];
