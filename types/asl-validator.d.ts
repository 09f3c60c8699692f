declare module "asl-validator" {
  /** Checks an Amazon States Language definition. It writes into the definition: hand it a copy. */
  function validate(definition: Record<string, unknown>): {
    readonly isValid: boolean;
    readonly errorsText: (separator?: string) => string;
  };
  export = validate;
}
