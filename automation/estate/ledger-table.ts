import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { names } from "../../core/names/names.js";
import { dynamoTable, type Table } from "../../functions/store/table.js";
import type { ClientConfig } from "../../kinds/purger.js";
import type { Controller } from "../deploy/envs.js";

/** The table of a controller's ledger. */
export const ledgerTable = (
  deployment: string,
  { role, region }: Controller,
  config: (region: string) => ClientConfig,
): Table => dynamoTable(new DynamoDBClient(config(region)), names(deployment, role).table);
