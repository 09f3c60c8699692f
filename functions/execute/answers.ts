import type { Answer, Backend, Context, Task } from "../../kinds/backend.js";
import type { Batch } from "./executor.js";
import { type Planned, resultOfAnswer } from "./result.js";

/** What a kind says of each task. */
export async function answersOf(
  backend: Backend,
  tasks: readonly Task[],
  context: Context,
): Promise<readonly Answer[]> {
  if (tasks.length === 0) return [];
  const answers = await backend.do(tasks, context);
  if (answers.length !== tasks.length)
    throw new Error(`a backend gave ${answers.length} answers for ${tasks.length} tasks`);
  return answers;
}

/** Does what may be done twice. */
export async function carryOut(backend: Backend, actions: readonly Planned[], context: Context): Promise<Batch> {
  const answers = await answersOf(backend, actions, context);
  return {
    results: actions.flatMap((action, i) => {
      const answer = answers[i];
      return answer === undefined ? [] : [resultOfAnswer(action, answer)];
    }),
  };
}
