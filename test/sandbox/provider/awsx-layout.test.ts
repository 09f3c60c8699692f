import { expect } from "chai";
import * as fc from "fast-check";
import { addressCount, type Cidr, contains, overlap, parseCidr } from "../../../sandbox/cidr.js";
import { layOut, type SubnetSpec } from "../../../sandbox/provider/awsx/layout.js";

const blockOf = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (!cidr) throw new Error(`${text} is no CIDR block`);
  return cidr;
};

const ZONES = ["a", "b", "c", "d", "e"];
const spec: fc.Arbitrary<Omit<SubnetSpec, "name">> = fc.record(
  {
    type: fc.constantFrom("Public" as const, "Private" as const, "Isolated" as const, "Unused" as const),
    cidrMask: fc.integer({ min: 20, max: 28 }),
  },
  { requiredKeys: ["type"] },
);

/** Worked examples are of the real component: pulumi-awsx, documentation of `subnetStrategy` and its defaults. */
describe("the subnets of awsx.ec2.Vpc", () => {
  const cidrs = (request: Parameters<typeof layOut>[0]) => layOut(request).map(({ name, cidr }) => `${name} ${cidr}`);

  it("are a private and a public one per zone, of half and a quarter of its share", () => {
    const three = { name: "net", cidr: "10.0.0.0/16", zones: ["a", "b", "c"], specs: undefined };
    expect(cidrs(three)).to.deep.equal([
      "net-private-1 10.0.0.0/19",
      "net-public-1 10.0.32.0/20",
      "net-private-2 10.0.64.0/19",
      "net-public-2 10.0.96.0/20",
      "net-private-3 10.0.128.0/19",
      "net-public-3 10.0.160.0/20",
    ]);
    expect(() => layOut({ ...three, cidr: "10.0.0.0/26" })).to.throw("need a /26 per zone");
  });

  it("are equal shares where no size is given, and begin on their own size where it is", () => {
    const types = (["Public", "Private", "Isolated"] as const).map((type) => ({ type }));
    const one = { name: "n", cidr: "10.0.0.0/16", zones: ["a"] };
    expect(cidrs({ ...one, specs: types })).to.deep.equal([
      "n-public-1 10.0.0.0/18",
      "n-private-1 10.0.64.0/18",
      "n-isolated-1 10.0.128.0/18",
    ]);
    const specs: SubnetSpec[] = [
      { type: "Public", name: "edge", cidrMask: 26 },
      { type: "Private", cidrMask: 22 },
    ];
    expect(cidrs({ ...one, specs })).to.deep.equal(["n-edge-1 10.0.0.0/26", "n-private-1 10.0.4.0/22"]);
    const large = [
      { type: "Public" as const, cidrMask: 17 },
      { type: "Private" as const, cidrMask: 16 },
    ];
    expect(() => layOut({ ...one, specs: large })).to.throw("need 98304 addresses");
  });

  it("lie within the VPC, each in its zone's share, and apart, whatever is asked", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 20 }),
        fc.integer({ min: 1, max: ZONES.length }),
        fc.array(spec, { minLength: 1, maxLength: 5 }),
        (bits, count, found) => {
          const cidr = `10.16.0.0/${bits}`;
          const specs = found.map((one, index) => ({ ...one, name: `s${index}` }));
          const zones = ZONES.slice(0, count);
          let blocks: { zone: string; block: Cidr }[];
          try {
            blocks = layOut({ name: "v", cidr, zones, specs }).map(({ zone, cidr: own }) => ({
              zone,
              block: blockOf(own),
            }));
          } catch (error) {
            expect(String(error)).to.match(/subnetSpecs/);
            return;
          }
          expect(blocks).to.have.length(count * specs.length);
          const share = addressCount(bits) / 2 ** Math.ceil(Math.log2(count));
          for (const [index, { zone, block }] of blocks.entries()) {
            expect(contains(blockOf(cidr), block)).to.equal(true);
            expect(Math.floor((block.base - blockOf(cidr).base) / share)).to.equal(zones.indexOf(zone));
            for (const other of blocks.slice(index + 1)) expect(overlap(block, other.block)).to.equal(false);
          }
        },
      ),
    );
  });
});
