import { CreateScheduleCommand, DeleteScheduleCommand, GetScheduleCommand } from "@aws-sdk/client-scheduler";
import type { Probe, Session } from "../model.js";

const REFERENCE = "EventBridge Scheduler API reference";

const nameOf = (s: Session): string => `lockstep-smoke-${s.run}`;

/** A schedule that is refused before anything is made of it. */
const wrong = (name: string, behaviour: string, expression: string, zone?: string): Probe => ({
  name,
  behaviour,
  source: `${REFERENCE}, CreateSchedule; EventBridge Scheduler user guide, "Schedule types"`,
  ask: async (s: Session) => {
    const Name = nameOf(s);
    // For AWS may think otherwise.
    s.made({
      what: `schedule ${Name}`,
      region: s.regions.home,
      remove: async () => {
        await s.schedules("home").send(new DeleteScheduleCommand({ Name }));
      },
    });
    return s.schedules("home").send(
      new CreateScheduleCommand({
        Name,
        ScheduleExpression: expression,
        ...(zone === undefined ? {} : { ScheduleExpressionTimezone: zone }),
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: `arn:aws:sqs:${s.regions.home}:000000000000:lockstep-smoke`,
          RoleArn: "arn:aws:iam::000000000000:role/lockstep-smoke",
        },
      }),
    );
  },
});

/** What costs nothing: wrong schedules, and those that do not exist. */
export const SCHEDULES: readonly Probe[] = [
  {
    name: "unknown-schedule",
    behaviour: "A schedule that does not exist is ResourceNotFoundException",
    source: `${REFERENCE}, GetSchedule`,
    ask: (s) => s.schedules("home").send(new GetScheduleCommand({ Name: nameOf(s) })),
  },
  {
    name: "delete-unknown-schedule",
    behaviour: "Deleting a schedule that does not exist is ResourceNotFoundException",
    source: `${REFERENCE}, DeleteSchedule`,
    ask: (s) => s.schedules("home").send(new DeleteScheduleCommand({ Name: nameOf(s) })),
  },
  wrong("wrong-rate", "A rate of nothing is refused", "rate(0 minutes)"),
  wrong("wrong-cron", "A cron needs one of day of month and day of week to be ?", "cron(0 3 * * * *)"),
  wrong("wrong-zone", "A time zone must be one of IANA's", "rate(1 day)", "Europe/Atlantis"),
];
