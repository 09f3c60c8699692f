/** How the SDK's clients are made for a target: at the sandbox's endpoint, or as the user's own AWS settings say. */
export type ClientConfig = { readonly region: string; readonly endpoint?: string; readonly maxAttempts: number } & {
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

type Variables = Readonly<Record<string, string>>;

export function clientConfig(region: string, variables: Variables): ClientConfig {
  const endpoint = variables["AWS_ENDPOINT_URL"];
  const accessKeyId = variables["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = variables["AWS_SECRET_ACCESS_KEY"];
  return {
    region,
    maxAttempts: 5,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
}
