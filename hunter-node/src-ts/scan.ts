/** The scanner: domains in, observations out, as they are done. */

import { builtin, nativeOf, type Engine } from './engine.js';
import { HunterError, guarded, invalid } from './errors.js';
import { requestText } from './json.js';
import { native, type NativeScan, type RawObserved } from './native.js';

/** What a scan needs of an `AbortSignal`, which programs without types of Node or of a browser do not know. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** What a scan may be told. `docs/PARITY.md` has the same list for every language. */
export interface ScanOptions {
  /** `ADDRESS[:PORT]`, `tls://ADDRESS#NAME` or `https://ADDRESS/PATH#NAME`; those of the system if not given. */
  resolvers?: readonly string[];
  /** Whether to find out first if the resolvers can be believed; true if not given. */
  check?: boolean;
  /** For one try of a question; 2000 if not given. */
  timeoutMs?: number;
  /** How often a question is put before it counts as failed; 2 if not given. */
  attempts?: number;
  /** For all questions about one domain; 30000 if not given. */
  deadlineMs?: number;
  /** How many domains are under way at once; 64 if not given. */
  concurrency?: number;
  /** Domains a second; null, and no limit, if not given. */
  rate?: number | null;
  /** Questions a second to each resolver; null, and no limit, if not given. */
  resolverRate?: number | null;
  /** Which questions are put; `standard` if not given. */
  profile?: 'light' | 'standard' | 'full';
  /** DKIM selectors to try besides the usual ones. */
  dkimSelectors?: readonly string[];
  /** Whether to look up who registered the domain; false if not given. */
  registration?: boolean;
  /** The path of IANA's RDAP file; null, and the one built in, if not given. */
  rdapBootstrap?: string | null;
  /** Questions a second to each registry; 5 if not given, null is no limit. */
  registryRate?: number | null;
  /** What to probe over HTTPS; nothing if not given. */
  probes?: readonly ('openid' | 'user_realm' | 'mta_sts')[];
  /** Probes a second to each host; 10 if not given, null is no limit. */
  probeRate?: number | null;
  /** Paths of MaxMind, IP2Location or IP2Proxy files, the most trusted first. */
  ipData?: readonly string[];
  /** Whose fingerprints name the DKIM selectors of each provider; the built-in ones if not given. */
  engine?: Engine;
  /** An `AbortSignal` that ends the scan: whoever waits for it is thrown the signal's reason. */
  signal?: AbortSignalLike;
}

/** What became of one input. */
export interface Observed {
  /** The input's position, from 0. */
  readonly index: number;
  /** The input as given. */
  readonly input: string;
  /** The domain that was read from it, in its canonical form; null where it was refused. */
  readonly domain: string | null;
  /** What may have been meant; never applied. */
  readonly suggestion: string | null;
  /** What was observed, as JSON text: for `Engine.assess`, `assessBatch`, and to be stored. */
  readonly observation: string | null;
  /** Why the input was refused. A question that failed is no error: the observation says so. */
  readonly error: HunterError | null;
}

/** Each option of the native part by its name here. */
const SETTINGS = new Map([
  ['resolvers', 'resolvers'],
  ['check', 'check'],
  ['timeoutMs', 'timeout_ms'],
  ['attempts', 'attempts'],
  ['deadlineMs', 'deadline_ms'],
  ['concurrency', 'concurrency'],
  ['rate', 'rate'],
  ['resolverRate', 'resolver_rate'],
  ['profile', 'profile'],
  ['dkimSelectors', 'dkim_selectors'],
  ['registration', 'registration'],
  ['rdapBootstrap', 'rdap_bootstrap'],
  ['registryRate', 'registry_rate'],
  ['probes', 'probes'],
  ['probeRate', 'probe_rate'],
  ['ipData', 'ip_data'],
]);
const NAMES = new Map(Array.from(SETTINGS, ([name, setting]) => [setting, name]));

/**
 * Observes domains: `for await (const seen of scan(domains))`. Each input gives one `Observed`, in the
 * order in which they are done.
 *
 * `domains` are domains, web or e-mail addresses, read one by one: never more than `concurrency` of them
 * are begun and not yet taken by the loop. Leaving the loop, or the signal, ends the scan.
 *
 * Throws a `HunterError` for an option. Where no scan can be begun, since resolvers are silent or cannot be
 * believed, the loop throws one. What is wrong with a file of `ipData` is a warning of the process, a
 * `ScanWarning`; the scan does without the file.
 */
export function scan(domains: Iterable<string> | AsyncIterable<string>, options: ScanOptions = {}): Scan {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'give an object');
  const { engine, signal, ...others } = options;
  const given = engine === undefined ? builtin() : nativeOf(engine);
  if (given === undefined) throw invalid('options.engine', 'give an Engine');
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid('options.signal', 'give an AbortSignal');
  }
  const settings: { [setting: string]: unknown } = {};
  for (const [name, value] of Object.entries(others)) {
    const setting = SETTINGS.get(name);
    if (setting === undefined) throw invalid(`options.${name}`, 'is not known');
    settings[setting] = value;
  }
  const input = iteratorOf(domains);
  return new Scan(begun(() => new native.NativeScan(given, requestText(settings))), input, signal);
}

/** Names in an error as they are written here. */
function begun(begin: () => NativeScan): NativeScan {
  try {
    return guarded(begin);
  } catch (error) {
    if (!(error instanceof HunterError)) throw error;
    const message = error.message.replace(/`(\w+)/g, (all, name: string) => {
      const here = NAMES.get(name);
      return here === undefined ? all : `\`${here}`;
    });
    throw new HunterError(error.code, message);
  }
}

type Input = Iterator<unknown> | AsyncIterator<unknown>;

function iteratorOf(domains: unknown): Input {
  // A text is iterable too, but its letters are no domains.
  if (typeof domains === 'object' && domains !== null) {
    const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = domains as {
      [Symbol.asyncIterator]?: () => Input;
      [Symbol.iterator]?: () => Input;
    };
    const begin = later ?? now;
    if (typeof begin === 'function') return begin.call(domains);
  }
  throw invalid('domains', 'give an array, or another iterable or async iterable, of texts');
}

function isLater<T>(result: T | PromiseLike<T>): result is PromiseLike<T> {
  return typeof (result as { then?: unknown }).then === 'function';
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/** A scan under way. Several may take from it; each output goes to one of them. */
export class Scan implements AsyncIterableIterator<Observed> {
  readonly #native: NativeScan;
  readonly #signal: AbortSignalLike | undefined;
  /** Until it is exhausted, or the scan ends. */
  #input: Input | undefined;
  #nextIndex = 0;
  /** Inputs that have no output yet. */
  #open = 0;
  /** Whether the input has been asked and has not answered. */
  #pulling = false;
  /** Whether the native part will tell of an output. */
  #listening = false;
  /** What the next one who takes from the scan is to be thrown. */
  #fault: { readonly error: unknown } | undefined;
  #ended: Promise<unknown> | undefined;
  /** Calls take their turns. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Wakes the one whose turn it is. */
  #wake: () => void = () => {};

  /** @internal */
  constructor(scan: NativeScan, input: Input, signal: AbortSignalLike | undefined) {
    this.#native = scan;
    this.#input = input;
    this.#signal = signal;
    for (const { code, message } of scan.problems) {
      process.emitWarning(message, { type: 'ScanWarning', code });
    }
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener('abort', this.#abort);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next output. */
  next(): Promise<IteratorResult<Observed, undefined>> {
    const step = this.#turn.then(() => this.#step());
    this.#turn = step.catch(() => {});
    return step;
  }

  /** Ends the scan: what is under way is given up, and its sockets are closed. A loop that is left calls it. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#end();
    return DONE;
  }

  async #step(): Promise<IteratorResult<Observed, undefined>> {
    try {
      // At least one input is begun for each output, so that a slow reader keeps as many under way as a
      // fast one.
      for (let pulled = this.#pull(); ; pulled = this.#pull()) {
        if (this.#fault !== undefined) throw this.#fault.error;
        const done = this.#ended === undefined ? guarded(() => this.#native.poll()) : null;
        if (done !== null) {
          this.#open -= 1;
          return { done: false, value: observed(done) };
        }
        if (pulled) continue;
        if (this.#ended !== undefined || (this.#open === 0 && this.#input === undefined)) {
          await this.#end();
          return DONE;
        }
        await this.#news();
      }
    } catch (error) {
      this.#fault = undefined;
      await this.#end();
      throw error;
    }
  }

  /** Begins the next input; false when there is none yet, or no room for it. */
  #pull(): boolean {
    if (this.#input === undefined || this.#pulling || this.#open >= this.#native.concurrency) return false;
    const result = this.#input.next();
    if (!isLater(result)) {
      this.#take(result);
      return true;
    }
    this.#pulling = true;
    Promise.resolve(result)
      .then((found) => {
        this.#pulling = false;
        this.#take(found);
      })
      .catch((error: unknown) => {
        this.#pulling = false;
        if (this.#ended === undefined) this.#fault = { error };
      })
      .finally(() => this.#wake());
    return false;
  }

  #take(result: IteratorResult<unknown>): void {
    if (this.#ended !== undefined) return;
    if (result.done === true) {
      this.#input = undefined;
      return;
    }
    const { value } = result;
    if (typeof value !== 'string') throw invalid(`domains[${this.#nextIndex}]`, 'give a text');
    if (!this.#native.submit(this.#nextIndex, value)) return;
    this.#nextIndex += 1;
    this.#open += 1;
  }

  /** Settled by an input, an output, or the end. */
  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#open === 0 || this.#listening) return;
      this.#listening = true;
      void this.#native.wait().then(() => {
        this.#listening = false;
        this.#wake();
      });
    });
  }

  readonly #abort = (): void => {
    this.#fault = { error: this.#signal?.reason };
    void this.#end();
  };

  #end(): Promise<unknown> {
    if (this.#ended !== undefined) return this.#ended;
    this.#signal?.removeEventListener('abort', this.#abort);
    const input = this.#input;
    this.#input = undefined;
    const closed: Promise<unknown>[] = [this.#native.end()];
    // The scan ends for a reason of its own, which a fault of the input must not hide.
    const left = (async () => input?.return?.())().catch(() => {});
    // An input that has been asked and is silent may be so for ever.
    if (!this.#pulling) closed.push(left);
    this.#ended = Promise.all(closed);
    this.#wake();
    return this.#ended;
  }
}

function observed(done: RawObserved): Observed {
  const { index, input, domain = null, suggestion = null, observation = null, fault } = done;
  const error = fault ? new HunterError(fault.code, fault.message) : null;
  return Object.freeze({ index, input, domain, suggestion, observation, error });
}
