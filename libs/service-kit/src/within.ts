/**
 * What a promise comes to, or what `late` gives or throws where that takes longer than `ms`. The promise
 * goes on then; whether it is rejected later is nobody's concern.
 */
export async function within<T, Late>(
  ms: number,
  promise: Promise<T>,
  late: () => Late,
): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    const first = await Promise.race([promise.then((value) => ({ value })), timeout]);
    if (first !== 'late') return first.value;
  } finally {
    clearTimeout(timer);
  }
  return late();
}
