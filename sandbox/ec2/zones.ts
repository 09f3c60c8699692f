import { Ec2Error } from "./wire/errors.js";

export interface Zone {
  readonly name: string;
  readonly id: string;
  readonly region: string;
}

/** Three zones a region. Their ids are as AWS writes them: `eu-west-1` has `euw1-az1`. */
export function zonesOf(region: string): readonly Zone[] {
  const zones = ZONES.get(region) ?? makeZones(region);
  ZONES.set(region, zones);
  return zones;
}

const ZONES = new Map<string, readonly Zone[]>();

const makeZones = (region: string): readonly Zone[] => {
  const [area = "", place = "", number = ""] = region.split("-");
  const short = place
    .replace("north", "n")
    .replace("south", "s")
    .replace("east", "e")
    .replace("west", "w")
    .replace("central", "c");
  return ["a", "b", "c"].map((letter, i) => ({
    name: region + letter,
    id: `${area}${short}${number}-az${i + 1}`,
    region,
  }));
};

/** The zone that the caller named, by name or by id. */
export function findZone(region: string, name: string | undefined, id: string | undefined): Zone | undefined {
  if (name === undefined && id === undefined) return undefined;
  const zone = zonesOf(region).find(
    (one) => (name === undefined || one.name === name) && (id === undefined || one.id === id),
  );
  if (!zone) {
    throw new Ec2Error("InvalidZone.NotFound", `The zone '${name ?? id}' does not exist.`);
  }
  return zone;
}
