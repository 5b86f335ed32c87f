/** Answers are frozen: they can be kept and shared, and none changes behind the back of another. */

/** The value, frozen with all that it holds. It comes from JSON and so does not refer to itself. */
export function frozen<T>(value: T): T {
  if (isObject(value)) freeze(value);
  return value;
}

/** Walks without a list of keys or values, which would take longer than to freeze. */
function freeze(value: { [name: string]: unknown } | unknown[]): void {
  if (Array.isArray(value)) {
    for (const inner of value) if (isObject(inner)) freeze(inner);
  } else {
    for (const name in value) {
      const inner = value[name];
      // What a program added to every object there is stays as it is.
      if (isObject(inner) && Object.hasOwn(value, name)) freeze(inner);
    }
  }
  Object.freeze(value);
}

function isObject(value: unknown): value is { [name: string]: unknown } | unknown[] {
  return typeof value === 'object' && value !== null;
}
