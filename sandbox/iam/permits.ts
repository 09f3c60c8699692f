import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import type { AdminHandler } from "../gateway/gateway.js";
import type { Enforcer, Permit } from "./enforcer.js";

/** Where the emulator asks what it may do as a role. */
const PATH = "/_lockstep/permit";

/** Answers the emulator's questions (rights.py); everything else goes on to the admin API. */
export function permitsBefore(
  admin: AdminHandler,
  enforcer: Pick<Enforcer, "permit">,
  isOwn: (token: unknown) => boolean,
): AdminHandler {
  return async (request, response, url) => {
    if (url.pathname !== PATH) return admin(request, response, url);
    const answer = isOwn(request.headers["x-lockstep-token"])
      ? await enforcer.permit(await question(request))
      : { message: "only the emulator may ask" };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  };
}

async function question(request: IncomingMessage): Promise<Permit> {
  // The emulator's own question, made in rights.py; whoever else asks has no token.
  return (await json(request)) as Permit;
}
