/**
 * An Azure OpenAI that costs next to nothing: every answer has DELTAS deltas, one each DELTA_MS, in Azure's form. One timer
 * serves all streams, so that what is measured is not this.
 */
import { createServer } from 'node:http';

const deltas = Number(process.env.DELTAS);
const deltaMs = Number(process.env.DELTA_MS);
const head = {
  id: 'chatcmpl-bench',
  object: 'chat.completion.chunk',
  created: 1_764_000_000,
  model: 'gpt-4o',
  system_fingerprint: 'fp_bench',
};
const event = (chunk) => Buffer.from(`data: ${JSON.stringify({ ...head, ...chunk })}\n\n`);
const choice = (delta, finish_reason = null) => ({
  choices: [{ index: 0, delta, finish_reason, logprobs: null, content_filter_results: {} }],
  usage: null,
});
const opening = event(choice({ role: 'assistant', content: '', refusal: null }));
const delta = event(choice({ content: ' word' }));
const usage = { prompt_tokens: 10, completion_tokens: deltas, total_tokens: deltas + 10 };
const ending = Buffer.concat([
  event(choice({}, 'stop')),
  event({ choices: [], usage }),
  Buffer.from('data: [DONE]\n\n'),
]);

const open = new Map();
setInterval(() => {
  for (const [response, sent] of open) {
    if (sent < deltas) response.write(delta);
    else response.end(ending);
    if (sent < deltas) open.set(response, sent + 1);
    else open.delete(response);
  }
}, deltaMs);

createServer((request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(opening);
    open.set(response, 0);
    response.once('close', () => open.delete(response));
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
