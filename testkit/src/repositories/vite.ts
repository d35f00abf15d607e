/**
 * A version that the generators' package.json allows too: the lock file of 8.4.0 names napi-windows-process-start-time, an optional package
 * that the npm registry does not have, and `npm ci` refuses it.
 */
export const VITE = 'vite@8.3.4';
