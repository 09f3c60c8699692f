import type { Contexts } from "./account.js";
import type { ProviderConfig } from "./config.js";
import { InitError } from "./errors.js";
import { invoke } from "./invokes.js";
import { type Autonaming, check } from "./resource/check.js";
import { type Change, diff } from "./resource/diff.js";
import * as lifecycle from "./resource/lifecycle.js";
import type { Context, ResourceType } from "./resource/resource.js";
import { typeOf } from "./types/index.js";
import { type Decoded, encode, isList, type Paths, type Props } from "./wire.js";

/** One configured `aws.Provider`: what the engine may ask of it. */
export class Provider {
  readonly #config: ProviderConfig;
  readonly #contexts: Contexts;

  constructor(config: ProviderConfig, contexts: Contexts) {
    this.#config = config;
    this.#contexts = contexts;
  }

  check(
    token: string,
    request: { name: string; news: Decoded; olds: Decoded; seed: Uint8Array; autonaming: Autonaming | undefined },
  ) {
    const { name, news, olds, seed, autonaming } = request;
    const type = typeOf(token);
    const checked = check({ type, name, news: news.props, olds: olds.props, seed, autonaming, config: this.#config });
    return { inputs: encode(checked.inputs, withTagsAll(news.secrets)), failures: checked.failures };
  }

  diff(token: string, request: { state: Decoded; news: Decoded; ignored: readonly string[] }) {
    const type = typeOf(token);
    const changes = diff(type, request.state.props, request.news.props, request.ignored);
    return { changes, deleteBeforeReplace: deletesFirst(type, changes, request.state.props, request.news.props) };
  }

  async create(token: string, inputs: Decoded, preview: boolean) {
    const type = typeOf(token);
    const secrets = withTagsAll(inputs.secrets);
    if (preview) return { id: "", state: encode(lifecycle.previewCreate(type, inputs.props), secrets) };
    const { id, state, error } = await lifecycle.create(type, await this.#contextOf(type, inputs.props), inputs.props);
    if (error !== undefined) throw new InitError(id, encode(state, secrets), encode(inputs.props, secrets), error);
    return { id, state: encode(state, secrets) };
  }

  async read(token: string, id: string, state: Decoded, inputs: Decoded) {
    const type = typeOf(token);
    const context = await this.#contextOf(type, state.props);
    const known = { ...inputs.props, ...state.props };
    const seen = await lifecycle.observe(type, context, id, known);
    if (!seen) return undefined;
    const secrets = withTagsAll([...state.secrets, ...inputs.secrets]);
    return {
      state: encode(seen, secrets),
      inputs: encode(lifecycle.inputsFrom(type, seen, inputs.props), secrets),
    };
  }

  async update(token: string, id: string, news: Decoded, state: Decoded, preview: boolean) {
    const type = typeOf(token);
    const secrets = withTagsAll(news.secrets);
    if (preview) return encode(lifecycle.previewUpdate(type, state.props, news.props), secrets);
    const context = await this.#contextOf(type, news.props);
    return encode(await lifecycle.update(type, context, id, news.props, state.props), secrets);
  }

  async remove(token: string, id: string, state: Decoded) {
    const type = typeOf(token);
    await type.remove(await this.#contextOf(type, state.props), id, state.props);
  }

  async invoke(token: string, args: Props) {
    return encode(await invoke(token, await this.#contextFor(args["region"]), args));
  }

  #contextOf(type: ResourceType, props: Props): Promise<Context> {
    return this.#contextFor(type.global ? undefined : props["region"]);
  }

  #contextFor(region: unknown): Promise<Context> {
    return this.#contexts.get(typeof region === "string" ? region : this.#config.region);
  }
}

/** What AWS gets of secret tags is secret too. */
function withTagsAll(secrets: Paths): Paths {
  return secrets.some(([first]) => first === "tags") ? [...secrets, ["tagsAll"]] : secrets;
}

/**
 * A name that the program gave cannot be there twice, so the old one goes first; a generated name is new each time
 * (pulumi-terraform-bridge: nameRequiresDeleteBeforeReplace).
 */
function deletesFirst(type: ResourceType, changes: readonly Change[], state: Props, news: Props): boolean {
  if (!changes.some(({ replace }) => replace)) return false;
  if (type.deleteBeforeReplace) return true;
  const property = type.autoName?.property;
  if (property === undefined || state[property] !== news[property]) return false;
  const defaulted = news["__defaults"];
  return !(isList(defaulted) && defaulted.includes(property));
}
