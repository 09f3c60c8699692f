/** Of a function's error Step Functions gives the whole answer as JSON, with the stack; people need the message only. */
export function messageIn(cause: string): string {
  const answer = parsed(cause);
  const told = typeof answer === "object" && answer !== null && "errorMessage" in answer ? answer.errorMessage : cause;
  return typeof told === "string" ? told : cause;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
