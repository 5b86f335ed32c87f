/** Answers are frozen: they can be kept and shared, and none changes behind the back of another. */

/** The value, frozen with all that it holds. It comes from JSON and so does not refer to itself. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
