import { EC2Client } from "@aws-sdk/client-ec2";
import type { Input } from "./describe.js";

const clients = new Map<string, EC2Client>();

/** A client of a region that is answered here: paginators and inputs of the SDK are the real ones, only sending is not. */
export function clientIn(region: string, answer: (action: string, input: Input) => Promise<unknown>): EC2Client {
  const real = clients.get(region) ?? new EC2Client({ region });
  clients.set(region, real);
  const send = (command: { readonly input: Input; readonly constructor: { readonly name: string } }) =>
    answer(command.constructor.name.replace("Command", ""), command.input);
  // Made of a real one, so it has all that one has.
  return Object.assign(Object.create(real) as EC2Client, { send });
}
