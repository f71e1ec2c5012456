/**
 * What every consumer does with the package: a chat, a stream that it leaves, an error, a signed call.
 * It rejects where the package does not keep its word.
 *
 * @param pangulm what "pangulm" exports
 * @param signer what "pangulm/signer" exports
 * @param info what the emulator says of itself
 * @param [pause] how many milliseconds it reads on before it leaves the stream
 */
export async function story({ PanguLM, PanguLMError }, { signRequest }, info, pause = 0) {
  const { url, projectId, deploymentId, apiKey, accessKeyId, secretAccessKey } = info;
  const address = { endpoint: url, projectId, deployment: deploymentId, dangerouslyAllowBrowser: true };
  const messages = [{ role: "user", content: "hello" }];
  const client = new PanguLM({ ...address, apiKey });

  const whole = await client.chat.completions.create({ messages });
  expect(whole.choices[0].message.content.includes("hello"), "a chat answers");

  const key = `left-${Math.random()}`;
  const fault = (text) => ({ headers: { "x-emulator-fault": text } });
  const stream = await client.chat.completions.create({ messages, stream: true }, fault(`stall-after=3; key=${key}`));
  for await (const chunk of stream) {
    await sleep(pause);
    if (chunk.choices[0]?.delta.content) break;
  }
  await closed(url, key);

  const error = await client.chat.completions.create({ messages }, fault("status=401")).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error instanceof PanguLMError && error instanceof Error, `a refusal is a PanguLMError, not ${error}`);
  expect(error.isAuth && error.code === "PANGU.0011" && error.status === 401, `an error is told apart: ${error}`);

  const signing = new PanguLM({ ...address, credentials: { accessKeyId, secretAccessKey } });
  const signed = await signing.chat.completions.create({ messages });
  expect(signed.choices[0].message.content.includes("hello"), "a call signed by the client is accepted");

  const request = new Request(`${url}/v1/${projectId}/deployments/${deploymentId}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages }),
  });
  const { status } = await fetch(await signRequest(request, { accessKeyId, secretAccessKey, projectId }));
  expect(status === 200, `a request signed by pangulm/signer is accepted, not answered with ${status}`);
}

/** Resolves once the emulator has seen the caller of the request with this key go away. */
async function closed(url, key) {
  for (;;) {
    const answer = await fetch(`${url}/_emulator/requests?key=${key}`);
    const { requests } = await answer.json();
    if (requests[0]?.closedEarly) return;
    await sleep(20);
  }
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function expect(holds, promise) {
  if (!holds) throw new Error(`not kept: ${promise}`);
}
