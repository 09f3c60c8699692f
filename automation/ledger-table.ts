import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { names } from "../core/names.js";
import { dynamoTable, type Table } from "../functions/lib/table.js";
import type { ClientConfig } from "./client-config.js";
import type { Controller } from "./envs.js";

/** The table of a controller's ledger. */
export const ledgerTable = (
  deployment: string,
  { role, region }: Controller,
  config: (region: string) => ClientConfig,
): Table => dynamoTable(new DynamoDBClient(config(region)), names(deployment, role).table);
