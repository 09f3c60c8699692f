import { expect } from "chai";
import { withoutProxyToSelf } from "../../setup/install/proxy.mjs";

const SELF = "127.0.0.1,localhost";

describe("setup: proxies", () => {
  it("are not used to this machine, where nothing is set", () => {
    expect(withoutProxyToSelf({})).to.deep.equal({ no_proxy: SELF, NO_PROXY: SELF, no_grpc_proxy: SELF });
  });

  it("are not used to this machine, whatever is set, and where else they were not", () => {
    const own = withoutProxyToSelf({ no_proxy: "localhost, 127.0.0.1,.corp" });
    const all = "localhost,127.0.0.1,.corp";
    expect(own).to.deep.equal({ no_proxy: all, NO_PROXY: all, no_grpc_proxy: all });
    expect(withoutProxyToSelf({ NO_PROXY: ".corp" })).to.deep.equal({
      no_proxy: `.corp,${SELF}`,
      NO_PROXY: `.corp,${SELF}`,
      no_grpc_proxy: `.corp,${SELF}`,
    });
  });

  it("keep what each program was told for itself", () => {
    const own = withoutProxyToSelf({ no_proxy: "a", NO_PROXY: "b", no_grpc_proxy: "c" });
    expect(own).to.deep.equal({ no_proxy: `a,${SELF}`, NO_PROXY: `b,${SELF}`, no_grpc_proxy: `c,${SELF}` });
  });
});
