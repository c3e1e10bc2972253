/** Exact fractions: times of a document are never rounded before they become frames. */
export interface Exact {
  readonly n: bigint;
  /** Always above 0, and without a common divisor with `n`. */
  readonly d: bigint;
}

function divisor(a: bigint, b: bigint): bigint {
  let [high, low] = [a < 0n ? -a : a, b];
  while (low) [high, low] = [low, high % low];
  return high || 1n;
}

/** The fraction n/d in its lowest terms; `d` is not 0. */
export function ratio(n: bigint, d = 1n): Exact {
  const sign = d < 0n ? -1n : 1n;
  const by = divisor(n, d * sign) * sign;
  return { n: n / by, d: d / by };
}

export const ZERO = ratio(0n);

/** Reads `3`, `2.5`, `-1/3` or `24000/1001`; null where it is none of these. */
export function exact(text: string): Exact | null {
  const form = /^(-?)(\d+)(?:\.(\d+)|\/([1-9]\d*))?$/.exec(text.trim());
  if (!form) return null;
  const [, minus, whole = '0', decimals = '', below] = form;
  const n = BigInt(whole + decimals) * (minus ? -1n : 1n);
  return ratio(n, below ? BigInt(below) : 10n ** BigInt(decimals.length));
}

/** As `exact`, for texts that the server wrote. */
export function sure(text: string | undefined, otherwise = '0'): Exact {
  return exact(text ?? otherwise) ?? ZERO;
}

export const plus = (a: Exact, b: Exact) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Exact, b: Exact) => ratio(a.n * b.d - b.n * a.d, a.d * b.d);
export const times = (a: Exact, b: Exact) => ratio(a.n * b.n, a.d * b.d);
export const over = (a: Exact, b: Exact) => ratio(a.n * b.d, a.d * b.n);
export const less = (a: Exact, b: Exact) => a.n * b.d < b.n * a.d;
export const most = (a: Exact, b: Exact) => (less(a, b) ? b : a);
export const whole = (n: number) => ratio(BigInt(n));

/** The smallest whole number that is not below it. */
export function ceil({ n, d }: Exact): number {
  const down = n / d;
  return Number(n > 0n && down * d !== n ? down + 1n : down);
}

/** The nearest whole number; from the very middle, the lower one. */
export const nearest = (a: Exact) => ceil(minus(a, ratio(1n, 2n)));

export const toNumber = ({ n, d }: Exact) => Number(n) / Number(d);

/** As the server writes it: `3/2`, or `2` for a whole number. */
export const written = ({ n, d }: Exact) => (d === 1n ? `${n}` : `${n}/${d}`);
