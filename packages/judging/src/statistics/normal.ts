/** How far an interval with 98 % reaches on each side, in standard deviations: what is beyond is 1 % on either side. */
export const Z_98 = 2.3263478740408408;

/** Where the continued fraction begins to be the better way. */
const FAR = 3;

/** The probability that a standard normal variable is greater than `z`. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  return z > FAR ? farTail(z) : 0.5 - density(z) * series(z);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** z + z³/3 + z⁵/(3·5) + …: https://doi.org/10.18637/jss.v011.i04, with an error below 1e-15 up to `FAR`. */
function series(z: number): number {
  let [sum, term] = [z, z];
  for (let divisor = 3; term > sum * Number.EPSILON; divisor += 2) {
    term *= (z * z) / divisor;
    sum += term;
  }
  return sum;
}

/** Laplace's continued fraction, density / (z + 1/(z + 2/(z + …))), from its far end; a sum from the centre would be cancelled out. */
function farTail(z: number): number {
  let fraction = z;
  for (let term = 200; term > 0; term--) fraction = z + term / fraction;
  return density(z) / fraction;
}
