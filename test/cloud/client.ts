import { EC2Client } from "@aws-sdk/client-ec2";

export type Input = Readonly<Record<string, unknown>>;

/** A command as a client is asked to send it; which one it is, its class says. */
export interface Command {
  readonly input: Input;
}

const clients = new Map<string, EC2Client>();

/** The action that a command is of. */
export const actionOf = (command: Command): string => command.constructor.name.replace("Command", "");

/** A client of a region that is answered here: paginators and inputs of the SDK are the real ones, only sending is not. */
export function clientIn(region: string, answer: (command: Command) => Promise<unknown>): EC2Client {
  const real = clients.get(region) ?? new EC2Client({ region });
  clients.set(region, real);
  // Made of a real one, so it has all that one has.
  return Object.assign(Object.create(real) as EC2Client, { send: answer });
}
