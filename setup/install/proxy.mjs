/** What talks to this machine takes no proxy, whatever the user's settings look like. */

const LOCAL = ["127.0.0.1", "localhost"];

/**
 * The settings of proxies with this machine among what is reached directly. Programs read them under several names: gRPC of Node
 * goes by `no_grpc_proxy`, else by `no_proxy`, splits at commas and takes a space for part of a name.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
export function withoutProxyToSelf(env) {
  const small = env["no_proxy"] ?? env["NO_PROXY"];
  const large = env["NO_PROXY"] ?? env["no_proxy"];
  return {
    no_proxy: withLocal(small),
    NO_PROXY: withLocal(large),
    no_grpc_proxy: withLocal(env["no_grpc_proxy"] ?? small),
  };
}

/** @param {string | undefined} list */
function withLocal(list) {
  const hosts = (list ?? "").split(/[\s,]+/).filter((host) => host !== "");
  return [...new Set([...hosts, ...LOCAL])].join(",");
}
