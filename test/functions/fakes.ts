import type { Bucket } from "../../functions/store/bucket.js";
import type { Clause, Condition } from "../../functions/store/expression.js";
import type { Item, Key, Value } from "../../functions/store/items.js";
import type { Table } from "../../functions/store/table.js";
import type { Transact } from "../../functions/store/transact.js";
import type { Executions } from "../../functions/survey/executions.js";
import type { Log } from "../../kinds/lib/log.js";

/** A table in memory with DynamoDB's conditions: a comparison with an attribute that is absent is false. */
export class MemoryTable implements Table {
  readonly items = new Map<string, Item>();

  static #name = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);

  #holds(item: Item | undefined, when: Condition | undefined): boolean {
    const clause = ({ attribute, ...test }: Clause): boolean => {
      const value: Value | undefined = item?.[attribute];
      if (test.is === "absent") return value === undefined;
      if (value === undefined || typeof value !== typeof test.value) return false;
      return test.is === "=" ? value === test.value : value < test.value;
    };
    return when === undefined || when.some((group) => group.every(clause));
  }

  async get(key: Key) {
    return this.items.get(MemoryTable.#name(key));
  }

  async list(pk: string) {
    return [...this.items.values()]
      .filter((item) => item["pk"] === pk)
      .sort((a, b) => ((a["sk"] ?? "") < (b["sk"] ?? "") ? -1 : 1));
  }

  async put(key: Key, item: Item, when?: Condition) {
    const name = MemoryTable.#name(key);
    if (!this.#holds(this.items.get(name), when)) return false;
    this.items.set(name, { ...item, ...key });
    return true;
  }

  async update(key: Key, change: Parameters<Table["update"]>[1], when?: Condition) {
    const name = MemoryTable.#name(key);
    const before = this.items.get(name);
    if (!this.#holds(before, when)) return undefined;
    const added = Object.entries(change.add ?? {}).map(([attribute, n]) => [
      attribute,
      numberIn(before, attribute) + n,
    ]);
    const all: Item = { ...before, ...key, ...change.set, ...Object.fromEntries(added) };
    const kept = Object.entries(all).filter(([attribute]) => !change.remove?.includes(attribute));
    const after: Item = Object.fromEntries(kept);
    this.items.set(name, after);
    return after;
  }

  async transact(writes: Parameters<Transact>[0]) {
    const name = MemoryTable.#name;
    if (!writes.every(({ key, when }) => this.#holds(this.items.get(name(key)), when))) return false;
    // All at once: nothing of this waits for anything.
    await Promise.all(
      writes.map(({ key, ...write }) => ("item" in write ? this.put(key, write.item) : this.update(key, write.change))),
    );
    return true;
  }

  async delete(key: Key, when?: Condition) {
    const name = MemoryTable.#name(key);
    if (!this.#holds(this.items.get(name), when)) return false;
    this.items.delete(name);
    return true;
  }
}

export const numberIn = (item: Item | undefined, attribute: string): number => {
  const value = item?.[attribute];
  return typeof value === "number" ? value : 0;
};

/** Objects go through JSON, as in S3. */
export class MemoryBucket implements Bucket {
  readonly objects = new Map<string, string>();

  async read(key: string): Promise<unknown> {
    const text = this.objects.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async write(key: string, value: unknown) {
    this.objects.set(key, JSON.stringify(value));
  }

  async readLines(key: string): Promise<readonly unknown[] | undefined> {
    const text = this.objects.get(key);
    return text
      ?.split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line));
  }

  async keys(prefix: string) {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async writeLines(key: string, values: readonly unknown[]) {
    this.objects.set(key, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  }
}

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps what was logged. */
export function memoryLog(lines: Line[] = [], fixed: Readonly<Record<string, unknown>> = {}): Log & { lines: Line[] } {
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, message, fields: { ...fixed, ...fields } });
    };
  return {
    lines,
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    createChild: ({ persistentKeys }) => memoryLog(lines, { ...fixed, ...persistentKeys }),
  };
}

/** An error as the AWS SDK throws it. */
export function awsError(name: string, status: number, message = `${name} from AWS`): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** The error that a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`not an Error: ${String(error)}`);
  }
  throw new Error("it did not fail");
}

/** A clock that only the test moves. */
export class Clock {
  time: number;
  constructor(time: number) {
    this.time = time;
  }
  readonly now = (): number => this.time;
}

interface Sent {
  readonly action: string;
  readonly input: unknown;
}

/** Answers a client's commands in the place of AWS and keeps what was sent. */
export function answer<C extends { send: unknown }>(
  client: C,
  how: (sent: Sent) => unknown,
): { client: C; sent: Sent[] } {
  const sent: Sent[] = [];
  const send = async (command: { readonly input: unknown; readonly constructor: { readonly name: string } }) => {
    const one = { action: command.constructor.name.replace("Command", ""), input: command.input };
    sent.push(one);
    return await how(one);
  };
  return { client: Object.assign(client, { send }), sent };
}

/** Of a kind without workflows nobody asks how one ended. */
export const NO_EXECUTIONS: Executions = {
  endOf: ({ name }) => Promise.reject(new Error(`nobody started ${name}`)),
};
