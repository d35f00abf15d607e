// Loaded into a bundle's process (NODE_OPTIONS=--require): writes how much memory it held at most, in KB. The kernel's own
// count of a process (maxRSS) begins with that of the process that started it.
const { readFileSync, writeFileSync } = require('node:fs');
process.on('exit', () => {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
  if (process.env.BENCH_PEAK_FILE) writeFileSync(process.env.BENCH_PEAK_FILE, peak?.[1] ?? '0');
});
