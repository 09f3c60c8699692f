import type { FunctionName } from "../core/names/names.js";

/** How long each function may run; the lease (15 minutes) outlasts every one of them. */
export const LAMBDA_SECONDS: Readonly<Record<FunctionName, number>> = {
  trigger: 60,
  survey: 300,
  plan: 300,
  make: 300,
  delete: 300,
  record: 300,
  adopt: 300,
};
