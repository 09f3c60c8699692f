import type { ClientConfig } from "../../kinds/purger.js";

type Variables = Readonly<Record<string, string>>;

/** How the SDK's clients are made for a target: at the sandbox's endpoint, or as the user's own AWS settings say. */
export function clientConfig(region: string, variables: Variables): ClientConfig {
  const endpoint = variables["AWS_ENDPOINT_URL"];
  const accessKeyId = variables["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = variables["AWS_SECRET_ACCESS_KEY"];
  return {
    region,
    maxAttempts: 5,
    // The user's environment and profile may ask for endpoints that AWS alone has.
    ...(endpoint === undefined ? {} : { endpoint, useFipsEndpoint: false, useDualstackEndpoint: false }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
}
