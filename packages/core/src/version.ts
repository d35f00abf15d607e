/** Slipway's own version, as every package.json of the repository has it. */
export const SLIPWAY_VERSION = '0.1.0';
