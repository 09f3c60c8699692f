import type { IncomingHttpHeaders } from "node:http";

/** What the name of an action is read from. */
export interface ActionSource {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Present where the service's requests are read before they are passed on. */
  readonly body?: Buffer;
}

/** Lambda's actions by method and path (Lambda API reference); the first that fits. */
const LAMBDA: readonly (readonly [string, string, RegExp])[] = [
  ["Invoke", "POST", /\/functions\/[^/]+\/invocations$/],
  ["CreateFunction", "POST", /\/functions$/],
  ["ListFunctions", "GET", /\/functions$/],
  ["GetFunction", "GET", /\/functions\/[^/]+$/],
  ["DeleteFunction", "DELETE", /\/functions\/[^/]+$/],
  ["UpdateFunctionCode", "PUT", /\/functions\/[^/]+\/code$/],
  ["GetFunctionConfiguration", "GET", /\/functions\/[^/]+\/configuration$/],
  ["UpdateFunctionConfiguration", "PUT", /\/functions\/[^/]+\/configuration$/],
  ["AddPermission", "POST", /\/functions\/[^/]+\/policy$/],
  ["GetPolicy", "GET", /\/functions\/[^/]+\/policy$/],
  ["RemovePermission", "DELETE", /\/functions\/[^/]+\/policy\/[^/]+$/],
  ["PublishVersion", "POST", /\/functions\/[^/]+\/versions$/],
  ["ListVersionsByFunction", "GET", /\/functions\/[^/]+\/versions$/],
  ["PutFunctionConcurrency", "PUT", /\/functions\/[^/]+\/concurrency$/],
  ["GetFunctionConcurrency", "GET", /\/functions\/[^/]+\/concurrency$/],
  ["DeleteFunctionConcurrency", "DELETE", /\/functions\/[^/]+\/concurrency$/],
  ["PutFunctionEventInvokeConfig", "PUT", /\/functions\/[^/]+\/event-invoke-config$/],
  ["UpdateFunctionEventInvokeConfig", "POST", /\/functions\/[^/]+\/event-invoke-config$/],
  ["GetFunctionEventInvokeConfig", "GET", /\/functions\/[^/]+\/event-invoke-config$/],
  ["DeleteFunctionEventInvokeConfig", "DELETE", /\/functions\/[^/]+\/event-invoke-config$/],
  ["GetFunctionCodeSigningConfig", "GET", /\/functions\/[^/]+\/code-signing-config$/],
  ["GetRuntimeManagementConfig", "GET", /\/functions\/[^/]+\/runtime-management-config$/],
  ["CreateEventSourceMapping", "POST", /\/event-source-mappings\/?$/],
  ["ListEventSourceMappings", "GET", /\/event-source-mappings\/?$/],
  ["GetEventSourceMapping", "GET", /\/event-source-mappings\/[^/]+$/],
  ["UpdateEventSourceMapping", "PUT", /\/event-source-mappings\/[^/]+$/],
  ["DeleteEventSourceMapping", "DELETE", /\/event-source-mappings\/[^/]+$/],
  ["TagResource", "POST", /\/tags\/.+$/],
  ["ListTags", "GET", /\/tags\/.+$/],
  ["UntagResource", "DELETE", /\/tags\/.+$/],
];

export function lambdaAction(method: string, path: string): string {
  const found = LAMBDA.find(([, verb, pattern]) => verb === method && pattern.test(path));
  return found ? found[0] : `${method} ${path}`;
}

/** The bucket's parts by the query key that names them (Amazon S3 API reference); verb and noun make the action. */
const BUCKET_PARTS: Readonly<Record<string, string>> = {
  accelerate: "BucketAccelerateConfiguration",
  acl: "BucketAcl",
  cors: "BucketCors",
  encryption: "BucketEncryption",
  lifecycle: "BucketLifecycleConfiguration",
  location: "BucketLocation",
  logging: "BucketLogging",
  notification: "BucketNotificationConfiguration",
  "object-lock": "ObjectLockConfiguration",
  ownershipControls: "BucketOwnershipControls",
  policy: "BucketPolicy",
  policyStatus: "BucketPolicyStatus",
  publicAccessBlock: "PublicAccessBlock",
  replication: "BucketReplication",
  requestPayment: "BucketRequestPayment",
  tagging: "BucketTagging",
  versioning: "BucketVersioning",
  website: "BucketWebsite",
};

const OBJECT_PARTS: Readonly<Record<string, string>> = {
  acl: "ObjectAcl",
  attributes: "ObjectAttributes",
  "legal-hold": "ObjectLegalHold",
  retention: "ObjectRetention",
  tagging: "ObjectTagging",
};

const VERBS: Readonly<Record<string, string>> = {
  GET: "Get",
  HEAD: "Head",
  PUT: "Put",
  DELETE: "Delete",
  POST: "Post",
};

function bucketAction({ method, query }: ActionSource): string {
  const part = Object.keys(BUCKET_PARTS).find((key) => query.has(key));
  if (part) return `${VERBS[method] ?? method}${BUCKET_PARTS[part]}`;
  if (method === "GET" && query.has("versions")) return "ListObjectVersions";
  if (method === "GET" && query.has("uploads")) return "ListMultipartUploads";
  if (method === "GET") return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
  if (method === "POST") return query.has("delete") ? "DeleteObjects" : "PostObject";
  return `${method === "PUT" ? "Create" : (VERBS[method] ?? method)}Bucket`;
}

function multipartAction({ method, query, headers }: ActionSource): string | undefined {
  if (method === "POST" && query.has("uploads")) return "CreateMultipartUpload";
  if (!query.has("uploadId")) return undefined;
  if (method === "PUT") return headers["x-amz-copy-source"] ? "UploadPartCopy" : "UploadPart";
  return { POST: "CompleteMultipartUpload", DELETE: "AbortMultipartUpload", GET: "ListParts" }[method];
}

export function s3Action(source: ActionSource): string {
  const { method, path, query, headers } = source;
  // The first label of a virtual-hosted address is the bucket; addresses of numbers have none.
  const host = (headers.host ?? "").split(":")[0] ?? "";
  const inHost = host.endsWith(".localhost") || /\.s3[.-]/.test(host);
  const [, first = "", ...rest] = path.split("/");
  const key = inHost ? first + rest.join("/") : rest.join("/");
  if (!inHost && first === "") return "ListBuckets";
  if (key === "") return bucketAction(source);
  const multipart = multipartAction(source);
  if (multipart) return multipart;
  const part = Object.keys(OBJECT_PARTS).find((name) => query.has(name));
  if (part) return `${VERBS[method] ?? method}${OBJECT_PARTS[part]}`;
  return method === "PUT" && headers["x-amz-copy-source"] ? "CopyObject" : `${VERBS[method] ?? method}Object`;
}
