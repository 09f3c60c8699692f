import { livingIn } from "../../../core/inventory/lineage.js";
import type { Action, Inventory, RegionView } from "../../../core/model/model.js";
import { pointId } from "../../../core/names/identity.js";
import { TAG } from "../../../core/names/tags.js";
import type { Tags } from "../../cloud/snap.js";
import type { Minds } from "../planner/minds.js";
import { slotsOf } from "../schedules.js";
import { deletesOf, isCopied, isDelete, isWhole, listed, startOf, views, type Worlds } from "./lenses.js";

/** Every completed point of the home region that is older than its policy's age goes, counted from now, and no other goes. */
export const byAgeFromNow = (): Minds => ({
  decide: (worlds, plan) => [
    ...plan(worlds).filter((action) => !isDelete(action)),
    ...worlds.flatMap((world) =>
      listed(world).flatMap((point) => {
        const policy = world.policies.find(({ name }) => name === point.policy);
        const rule = isCopied(point)
          ? policy?.copy.find(({ region }) => region === point.region)?.retain
          : policy?.retain;
        const isOld = rule?.ageMs !== undefined && startOf(point) < world.now - rule.ageMs;
        return isOld && isWhole(point) ? [deletesOf(point, "older than its age")] : [];
      }),
    ),
  ],
});

/** What was asked for once is never asked for again. */
export function copiesOnce(): Minds {
  const asked = new Set<string>();
  return {
    decide: (worlds, plan, { stack }) =>
      plan(worlds).filter((action) => {
        if (action.do !== "copy" || action.region !== stack.settings.region) return true;
        const what = `${action.region} ${action.artifact.id}`;
        return !asked.has(what) && asked.add(what);
      }),
  };
}

/** A value that some tag of one of ours has, too: whatever the key, it is taken for ours. */
export function ownsByAnyTag(): Minds {
  const known = new Map<string, Tags>();
  return {
    read: (tags) => {
      const resource = tags[TAG.resource];
      if (resource !== undefined) {
        known.set(resource, known.get(resource) ?? tags);
        return tags;
      }
      const value = Object.values(tags).find((one) => known.has(one));
      return (value === undefined ? undefined : known.get(value)) ?? tags;
    },
  };
}

const nothingAt = (asOf: number): RegionView => ({
  complete: true,
  asOf,
  resources: [],
  points: [],
  copiesInFlight: 0,
});

export const nothingThere = (worlds: Worlds): Inventory[] =>
  worlds.map((world) => views(world, (view) => (view.complete ? view : nothingAt(world.now))));

/** A region that cannot be read is taken to be as it was when it was last read. */
export function asLastSeen(): Minds {
  const last = new Map<string, Inventory>();
  return {
    see: (worlds, { stack }) =>
      worlds.map((world) => {
        const key = `${stack.name} ${world.home}`;
        const before = last.get(key);
        const now = views(world, (view, region) => (view.complete ? view : (before?.regions[region] ?? view)));
        last.set(key, now);
        return now;
      }),
  };
}

/** Whatever others made is as good as complete. */
export const takesFailed = (): Minds => ({
  take: (snap) => (snap.state === "error" ? { ...snap, state: "completed" } : snap),
});

/** Whatever slots were missed are all made up for. */
export const makesUp = (): Minds => ({
  decide: (worlds, plan) =>
    plan(worlds).flatMap((action): Action[] => {
      if (action.do !== "create") return [action];
      const { policy, resource, region: home } = action;
      const timed = worlds.flatMap((world) => world.policies).find(({ name }) => name === policy);
      if (timed === undefined) return [action];
      const scheduled = slotsOf(timed).newest(action.scheduled - 1);
      return [{ ...action, scheduled, point: pointId({ policy, home, resource, scheduled }) }, action];
    }),
});

/** What cannot go, because somebody holds it, stops all that was to go after it. */
export const stopsAtHeld = (): Minds => ({
  decide: (worlds, plan) => {
    const actions = plan(worlds);
    const isHeld = actions.some((action) => action.do === "keep" && action.reason.includes("hold "));
    return isHeld ? actions.filter((action) => !isDelete(action)) : actions;
  },
});

/** What nothing selects any more is garbage. */
export const dropsUnselected = (): Minds => ({
  decide: (worlds, plan) => [
    ...plan(worlds),
    ...worlds.flatMap((world) =>
      listed(world)
        .filter(
          ({ policy, resource }) =>
            livingIn(world)?.some(({ id, tags }) => id === resource && tags["Backup"] === policy) === false,
        )
        .map((point) => deletesOf(point, "nothing selects it")),
    ),
  ],
});

export const keepsUnselected = (): Minds => ({
  decide: (worlds, plan) => {
    const selected = new Set(
      worlds.flatMap((world) => (livingIn(world) ?? []).filter(({ tags }) => tags["Backup"]).map(({ id }) => id)),
    );
    return plan(worlds).filter((action) => !isDelete(action) || selected.has(action.resource));
  },
});

export const older = (worlds: Worlds): Inventory[] =>
  worlds.map((world) =>
    views(world, (view, region) => {
      if (!view.complete || region !== world.home) return view;
      const newest = new Map<string, number>();
      for (const { policy, resource, scheduled } of view.points) {
        const key = `${policy} ${resource}`;
        newest.set(key, Math.max(newest.get(key) ?? 0, scheduled));
      }
      const left = view.points.filter((point) => newest.get(`${point.policy} ${point.resource}`) !== point.scheduled);
      return { ...view, points: left };
    }),
  );

/** Every point of the home region with a copy wherever one is wanted. */
const withCopies = (world: Inventory): Inventory => {
  const home = world.regions[world.home];
  const sources = home?.complete ? home.points : [];
  return views(world, (view, region) => {
    if (!view.complete || region === world.home) return view;
    const copies = sources.map((point) => ({ ...point, region }));
    return { ...view, points: [...view.points.filter(({ id }) => sources.every((one) => one.id !== id)), ...copies] };
  });
};

/** What was made is taken for copied. */
export const withoutWaiting = (): Minds => ({
  decide: (worlds, plan) => [
    ...plan(worlds).filter((action) => !isDelete(action) || worlds.every(({ home }) => home !== action.region)),
    ...worlds.flatMap((world) =>
      plan([withCopies(world)]).filter((action) => isDelete(action) && action.region === world.home),
    ),
  ],
});
