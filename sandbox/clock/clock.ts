import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";

const BYTES = 8;

/**
 * The sandbox's time: that of the machine, and how far it was moved ahead. It goes on by itself and keeps its distance when
 * the sandbox ends and starts again.
 *
 * The distance lies in a file of one number, milliseconds as a little-endian double, which is written in place: the workers
 * of functions (worker.cjs) have it open and read it each time they look at the clock.
 */
export class Clock {
  readonly file: string;
  readonly #fd: number;
  #offset: number;

  constructor(file: string) {
    this.file = file;
    this.#fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    const bytes = Buffer.alloc(BYTES);
    this.#offset = readSync(this.#fd, bytes, 0, BYTES, 0) === BYTES ? bytes.readDoubleLE(0) : 0;
    this.#write();
  }

  /** How far it is ahead of the machine's, in milliseconds. */
  get offset(): number {
    return this.#offset;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#offset;
  }

  set(offset: number): void {
    this.#offset = offset;
    this.#write();
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(): void {
    const bytes = Buffer.alloc(BYTES);
    bytes.writeDoubleLE(this.#offset, 0);
    writeSync(this.#fd, bytes, 0, BYTES, 0);
  }
}
