/** The one error of the package. */

/**
 * Whatever goes wrong in an operation. `code` is stable and the same in every language;
 * `docs/ERRORS.md` lists the codes with their meaning.
 */
export class HunterError extends Error {
  override readonly name = 'HunterError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** An argument that does not fit; every language has the code. */
export function invalid(argument: string, problem: string, cause?: unknown): HunterError {
  return new HunterError('argument_invalid', `arguments: \`${argument}\`: ${problem}`, cause);
}

/** Stable codes are in lower case; what Node and napi themselves raise is not. */
const STABLE = /^[a-z][a-z0-9_]*$/;

/** Calls the native part; its errors come out as `HunterError`. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof HunterError) throw error;
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (typeof code !== 'string' || !STABLE.test(code)) throw error;
    throw new HunterError(code, String(message));
  }
}
