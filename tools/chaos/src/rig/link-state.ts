/** What a link does with what goes through it. */
export interface LinkState {
  readonly delayMs: number;
  readonly bytesPerSecond: number;
  /** Swallows everything; the far end is gone, the near one is not told. */
  readonly isHalfOpen: boolean;
  /** Breaks connections, and every new one. */
  readonly isCut: boolean;
}

/** Nothing is done to anybody. */
export const OPEN: LinkState = {
  delayMs: 0,
  bytesPerSecond: Infinity,
  isHalfOpen: false,
  isCut: false,
};
