/**
 * Writes the workflows of an application, and keeps them up to date: `npm run workflows -- --help`. What is between the marks of a login is
 * kept byte for byte; other changes by hand are shown, and never overwritten without `--force`.
 */
import { runCommand } from './workflows/command.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  // npm changes to the folder of its package.json, and says where it was called.
  folder: process.env['INIT_CWD'] ?? process.cwd(),
  print: text => console.log(text),
  complain: text => console.error(text),
});
