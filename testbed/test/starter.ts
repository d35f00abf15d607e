import { startTestbed, type TestbedPart } from '../src/index.ts';

// A process that starts a testbed, says where, and is then killed by a test.
const parts = process.argv.slice(2) as TestbedPart[];
const testbed = await startTestbed({ parts });
process.stdout.write(`${testbed.directory}\n`);
setInterval(() => {}, 1 << 30);
