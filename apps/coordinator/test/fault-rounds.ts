/**
 * The rounds in which faults are made, counted from 1, each at another moment. `npm run test:long`
 * asks for more than one.
 */
export const FAULT_ROUNDS = Array.from(
  { length: Number(process.env['ASKFLASH_FAULT_ROUNDS'] ?? 1) },
  (_none, index) => index + 1,
);
