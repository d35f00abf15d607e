import {
  addQuantities,
  approximate,
  integerOf,
  parseQuantity,
  type Quantity,
  subtractQuantities,
  wholeQuantity,
} from '@slipway/kubernetes';
import { EvaluationFailure, fail } from '../values/failure.ts';
import { Double, QuantityValue } from '../values/values.ts';
import { readingCost } from './costs.ts';
import type { Library } from './function-table.ts';

function read(text: string): Quantity {
  try {
    return parseQuantity(text);
  } catch (error) {
    throw new EvaluationFailure(error instanceof Error ? error.message : 'no quantity');
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

function order({ quantity: left }: QuantityValue, { quantity: right }: QuantityValue): number {
  return Number(left.nanos > right.nanos) - Number(left.nanos < right.nanos);
}

function sum(left: Quantity, right: Quantity): QuantityValue {
  return new QuantityValue(addQuantities(left, right), true);
}

function difference(left: Quantity, right: Quantity): QuantityValue {
  return new QuantityValue(subtractQuantities(left, right), true);
}

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/cel/library/quantity.go */
export const quantities: Library = {
  since: 28,
  functions: [
    ['quantity(string): Quantity', (text: string) => new QuantityValue(read(text)), readingCost],
    ['isQuantity(string): bool', isQuantity, readingCost],
    [
      'sign(Quantity): int',
      ({ quantity }: QuantityValue) => BigInt(Number(quantity.nanos > 0n) - Number(quantity.nanos < 0n)),
    ],
    ['Quantity.isGreaterThan(Quantity): bool', (a: QuantityValue, b: QuantityValue) => order(a, b) > 0],
    ['Quantity.isLessThan(Quantity): bool', (a: QuantityValue, b: QuantityValue) => order(a, b) < 0],
    ['Quantity.compareTo(Quantity): int', (a: QuantityValue, b: QuantityValue) => BigInt(order(a, b))],
    [
      'Quantity.asApproximateFloat(): double',
      ({ quantity }: QuantityValue) => new Double(approximate(quantity)),
    ],
    [
      'Quantity.asInteger(): int',
      ({ quantity }: QuantityValue) => integerOf(quantity) ?? fail('cannot convert value to integer'),
    ],
    ['Quantity.isInteger(): bool', ({ quantity }: QuantityValue) => integerOf(quantity) !== undefined],
    ['Quantity.add(Quantity): Quantity', (a: QuantityValue, b: QuantityValue) => sum(a.quantity, b.quantity)],
    ['Quantity.add(int): Quantity', (a: QuantityValue, b: bigint) => sum(a.quantity, wholeQuantity(b))],
    [
      'Quantity.sub(Quantity): Quantity',
      (a: QuantityValue, b: QuantityValue) => difference(a.quantity, b.quantity),
    ],
    [
      'Quantity.sub(int): Quantity',
      (a: QuantityValue, b: bigint) => difference(a.quantity, wholeQuantity(b)),
    ],
  ],
};
