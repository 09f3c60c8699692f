import { Logger } from "@aws-lambda-powertools/logger";
import type { Fields, Log } from "../../kinds/lib/log.js";

export const makeLog = (fields: Fields): Log => new Logger({ serviceName: "lockstep", persistentKeys: fields });
