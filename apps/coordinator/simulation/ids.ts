let count = 0;

/** Ids that are the same in every run, and grow as they should. */
export function newId(): string {
  count += 1;
  return `019a0000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
}

/** Has ids begin anew. */
export function resetIds(): void {
  count = 0;
}
