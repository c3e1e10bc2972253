import { describe, expect, test } from 'vitest';
import {
  ceil,
  exact,
  less,
  minus,
  nearest,
  over,
  plus,
  ratio,
  times,
  toNumber,
  written,
} from './exact';

const read = (text: string) => {
  const found = exact(text);
  if (!found) throw new Error(text);
  return found;
};

describe('exact times', () => {
  test('a third three times is one', () => {
    const third = read('1/3');
    expect(written(plus(plus(third, third), third))).toBe('1');
  });
  test('decimals and broken rates are read without rounding', () => {
    expect(written(read('2.5'))).toBe('5/2');
    expect(written(read('0.10'))).toBe('1/10');
    expect(written(read('24000/1001'))).toBe('24000/1001');
    expect(written(times(read('1001/1000'), read('24000/1001')))).toBe('24');
  });
  test('what is no time is not read', () => {
    for (const text of ['', 'two', '1/0', '1e3', '.5', '1..2', '--1'])
      expect(exact(text)).toBeNull();
  });
  test('rounding goes to the nearest frame and from the middle down', () => {
    expect([read('5/2'), read('-5/2'), read('2.51'), read('2')].map(nearest)).toEqual([
      2, -3, 3, 2,
    ]);
    expect([read('7/3'), read('-7/3'), read('4')].map(ceil)).toEqual([3, -2, 4]);
  });
  test('sums, products and orders agree with numbers', () => {
    for (let a = -6; a < 7; a += 1) {
      for (let b = 1; b < 6; b += 1) {
        const [x, y] = [ratio(BigInt(a), BigInt(b)), ratio(BigInt(b), 7n)];
        expect(toNumber(plus(x, y))).toBeCloseTo(a / b + b / 7, 12);
        expect(toNumber(minus(x, y))).toBeCloseTo(a / b - b / 7, 12);
        expect(toNumber(over(x, y))).toBeCloseTo(a / b / (b / 7), 12);
        expect(less(x, y)).toBe(a / b < b / 7);
      }
    }
  });
});
