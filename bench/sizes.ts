import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { BUNDLE } from "../components/lambda/bundle.js";

export interface Size {
  /** What we wrote and its libraries, without the AWS SDK. */
  readonly own: number;
  /** The archive, with the SDK. */
  readonly zip: number;
  readonly code: Uint8Array;
}

/** The SDK; what only it imports belongs to it. */
const SDK = /node_modules\/@(aws-sdk|aws|smithy)\//;

/** Sizes of a function's package, bundled as it is deployed. */
export async function measure(fn: string): Promise<Size> {
  const entry = path.posix.join("functions", fn, "handler.ts");
  const { metafile, outputFiles } = await build({ ...BUNDLE, entryPoints: [entry], outdir: "out", metafile: true });
  const [output] = Object.values(metafile.outputs);
  const [file] = outputFiles;
  if (!output || !file) throw new Error(`esbuild made nothing of ${entry}`);
  const ours = withoutSdk(metafile, entry);
  return {
    own: [...ours].reduce((bytes, name) => bytes + (output.inputs[name]?.bytesInOutput ?? 0), 0),
    // Go's archiver, which the engine uses, has the same default level. The names and __index.js are far below 1 kB.
    zip: deflateRawSync(file.contents).length + 1000,
    code: file.contents,
  };
}

/** All that the entry imports, but for what it imports through the SDK. */
function withoutSdk({ inputs }: Metafile, entry: string): ReadonlySet<string> {
  const seen = new Set([entry]);
  // A set is walked through with what is added to it on the way.
  for (const name of seen) {
    for (const { path: imported, external } of inputs[name]?.imports ?? []) {
      if (external !== true && !SDK.test(imported)) seen.add(imported);
    }
  }
  return seen;
}
