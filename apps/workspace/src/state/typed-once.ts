/**
 * A password that was typed to log in: used once. When the login ends, it is asked for again.
 * @param ask asks for it
 */
export function typedOnce(password: string, ask: (signal?: AbortSignal) => Promise<string>) {
  let given: string | null = password;
  return (signal?: AbortSignal): string | Promise<string> => {
    if (given === null) return ask(signal);
    const typed = given;
    given = null;
    return typed;
  };
}
