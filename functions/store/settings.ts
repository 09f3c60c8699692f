import type { Kinds } from "../../core/config/kinds.js";
import { ConfigError } from "../../core/config/problems.js";
import { readSettings as read, type Settings } from "../../core/config/settings.js";
import { SETTINGS_KEY } from "../../core/names/names.js";
import { InvalidInput } from "../../kinds/lib/errors.js";
import type { Bucket } from "./bucket.js";

/** The stack's settings: what its config says, as the program stored it, read by the same rules, with the kinds that there are. */
export async function readSettings(bucket: Bucket, kinds: Kinds): Promise<Settings> {
  const raw = await bucket.read(SETTINGS_KEY);
  if (raw === undefined) throw new Error(`the bucket holds no ${SETTINGS_KEY}: deploy the stack again`);
  try {
    return read(raw, kinds);
  } catch (error) {
    if (error instanceof ConfigError) throw new InvalidInput(`${SETTINGS_KEY} is not valid: ${error.message}`);
    throw error;
  }
}
