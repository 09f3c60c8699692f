/** A call of an emulated AWS service, made by the sandbox itself. */
export interface ServiceCall {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
}

/** A call in one of the JSON protocols; `target` is the value of X-Amz-Target. */
export function jsonCall(service: string, region: string, target: string, body: unknown): ServiceCall {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": target };
  const action = target.split(".").at(-1) ?? target;
  return { service, region, action, method: "POST", path: "/", headers, body: JSON.stringify(body) };
}

/** Makes the call, named as coming from `caller`. */
export async function callEmulator(port: number, caller: string, call: ServiceCall): Promise<ServiceAnswer> {
  const scope = `Credential=${caller}/20000101/${call.region}/${call.service}/aws4_request`;
  const response = await fetch(`http://127.0.0.1:${port}${call.path}`, {
    method: call.method,
    headers: { ...call.headers, authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: call.body,
  });
  return { status: response.status, body: await response.text() };
}
