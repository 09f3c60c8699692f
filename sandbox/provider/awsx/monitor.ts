import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb.js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import * as pb from "@pulumi/pulumi/proto/resource_pb.js";
import { decode, encode, type Props, UNKNOWN } from "../wire.js";

/** A resource that the engine has registered. */
export interface Registered {
  readonly type: string;
  readonly urn: string;
  /** Not known in the preview of its creation. */
  readonly id: string;
  readonly outputs: Props;
}

export interface Registration {
  readonly type: string;
  readonly name: string;
  /** URN; none at the top of a stack. */
  readonly parent: string;
  readonly inputs: Props;
  /** What it needs, by the input that needs it; its parent is needed anyway. */
  readonly needs?: Readonly<Record<string, Registered>>;
}

/** What holds for a component and all in it. */
export interface Shared {
  /** Providers by package, as the engine names them. */
  readonly providers: ReadonlyMap<string, string>;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
}

/** What the program said of a component, as the engine hands it over. */
interface ComponentOptions {
  readonly aliases: readonly Alias[];
  readonly dependencies: readonly string[];
}

type Answer<S> = (error: ServiceError | null, response: S) => void;

/**
 * The engine's side of a component's construction. Spoken by its protocol and not through Pulumi's runtime, which is made
 * for one program a process: here several engines construct at the same time, and a mistake of one must not end the others.
 */
export class Monitor {
  readonly #client: ResourceMonitorClient;
  readonly #shared: Shared;

  constructor(endpoint: string, shared: Shared) {
    this.#client = new ResourceMonitorClient(endpoint, credentials.createInsecure());
    this.#shared = shared;
  }

  close(): void {
    this.#client.close();
  }

  /** Registers the component itself. */
  async component(registration: Registration, options: ComponentOptions): Promise<Registered> {
    const request = this.#request(registration);
    request
      .setCustom(false)
      .setAliasspecs(true)
      .setAliasesList([...options.aliases]);
    request.setDependenciesList([...options.dependencies]);
    const providers = request.getProvidersMap();
    for (const [name, reference] of this.#shared.providers) providers.set(name, reference);
    return this.#register(registration.type, request);
  }

  /** Registers a resource of the component's package provider. */
  async resource(registration: Registration): Promise<Registered> {
    const { type, parent, needs = {} } = registration;
    const request = this.#request(registration);
    request.setCustom(true);
    const [pkg = ""] = type.split(":");
    request.setProvider(this.#shared.providers.get(pkg) ?? "");
    request.setDependenciesList([...new Set([parent, ...Object.values(needs).map(({ urn }) => urn)])]);
    const dependencies = request.getPropertydependenciesMap();
    for (const [property, { urn }] of Object.entries(needs)) {
      dependencies.set(property, new pb.RegisterResourceRequest.PropertyDependencies().setUrnsList([urn]));
    }
    return this.#register(type, request);
  }

  async outputs(urn: string, outputs: Props): Promise<void> {
    const request = new pb.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(encode(outputs));
    await call<unknown>((answer) => this.#client.registerResourceOutputs(request, answer));
  }

  async invoke(token: string, args: Props): Promise<Props> {
    const [pkg = ""] = token.split(":");
    const request = new pb.ResourceInvokeRequest().setTok(token).setArgs(encode(args));
    request.setProvider(this.#shared.providers.get(pkg) ?? "");
    const response = await call<{
      getReturn(): Parameters<typeof decode>[0];
      getFailuresList(): { getReason(): string }[];
    }>((answer) => this.#client.invoke(request, answer));
    const [failure] = response.getFailuresList();
    if (failure) throw new Error(`${token}: ${failure.getReason()}`);
    return decode(response.getReturn()).props;
  }

  #request({ type, name, parent, inputs }: Registration): pb.RegisterResourceRequest {
    const request = new pb.RegisterResourceRequest().setType(type).setName(name).setParent(parent);
    request.setObject(encode(inputs)).setAcceptsecrets(true).setSupportspartialvalues(true);
    const { protect, retainOnDelete } = this.#shared;
    if (protect !== undefined) request.setProtect(protect);
    if (retainOnDelete !== undefined) request.setRetainondelete(retainOnDelete);
    return request;
  }

  async #register(type: string, request: pb.RegisterResourceRequest): Promise<Registered> {
    const response = await call<pb.RegisterResourceResponse>((answer) =>
      this.#client.registerResource(request, answer),
    );
    const outputs = decode(response.getObject()).props;
    return { type, urn: response.getUrn(), id: response.getId() || UNKNOWN, outputs };
  }
}

function call<S>(start: (answer: Answer<S>) => ClientUnaryCall): Promise<S> {
  return new Promise((resolve, reject) => {
    start((error, response) => (error ? reject(new Error(error.details || error.message)) : resolve(response)));
  });
}
