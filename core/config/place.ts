import * as v from "valibot";
import { KMS_WANT, parseKmsKey } from "../names/kms.js";
import { text } from "./values.js";

const REGION = /^[a-z]{2,4}(-[a-z]+)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$/;
export const region = text("an AWS region like us-east-1", v.regex(REGION));

/** What names of AWS resources are made of. */
export const NAME_WANT = "lower case letters, digits and single hyphens, a letter first";
export const isName = v.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);

export const kmsKey = text(
  KMS_WANT,
  v.check((one) => parseKmsKey(one) !== undefined),
);
