import type { FSxClient } from "@aws-sdk/client-fsx";
import type { FsxSettings } from "../../../sandbox/fsx/plane.js";
import { type FsxHarness, startFsx } from "./harness.js";

interface FsxUnderTest extends Omit<FsxHarness, "endpoint" | "now" | "stop"> {
  /** A client of the region EAST. */
  readonly east: FSxClient;
}

/** A plane of its own for each test of the enclosing `describe`, there inside hooks and tests. */
export function withFsx(settings: Partial<FsxSettings> = {}): FsxUnderTest {
  let running: { readonly fsx: FsxHarness; readonly east: FSxClient } | undefined;
  const started = () => {
    if (!running) throw new Error("the plane runs inside hooks and tests only");
    return running;
  };

  beforeEach(async () => {
    const fsx = await startFsx(settings);
    running = { fsx, east: fsx.client() };
  });
  afterEach(async () => {
    await running?.fsx.stop();
    running = undefined;
  });

  return {
    get plane() {
      return started().fsx.plane;
    },
    get dir() {
      return started().fsx.dir;
    },
    get disabledKeys() {
      return started().fsx.disabledKeys;
    },
    get endings() {
      return started().fsx.endings;
    },
    get east() {
      return started().east;
    },
    client: (...of) => started().fsx.client(...of),
    raw: (...request) => started().fsx.raw(...request),
    advance: (ms) => started().fsx.advance(ms),
    fileSystem: (...of) => started().fsx.fileSystem(...of),
    backup: (...of) => started().fsx.backup(...of),
    available: (id) => started().fsx.available(id),
    look: (...of) => started().fsx.look(...of),
    restart: () => started().fsx.restart(),
  };
}
