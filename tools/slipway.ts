/** Runs the program `slipway` from its sources: `npm run slipway -- --help`. `npm run workflows` is one of its commands. */
import { runInProcess } from '../packages/cli/src/index.ts';

// npm changes to the folder of its package.json, and says where it was called.
await runInProcess(process, process.env['INIT_CWD']);
