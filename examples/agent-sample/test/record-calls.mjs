/** Loaded into the sample before everything else: reports each call to its parent that it makes. */
const send = globalThis.fetch;

globalThis.fetch = async (url, init) => {
  const answer = await send(url, init);
  process.send?.({
    method: init?.method,
    url: String(url),
    authorization: init?.headers?.authorization,
    body: init?.body,
    status: answer.status,
  });
  return answer;
};
