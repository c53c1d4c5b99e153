/** The Vercel AI SDK as its documentation sets it up for Node: `streamText`, piped to the response. */
import { createServer } from 'node:http';
import { createAzure } from '@ai-sdk/azure';
import { streamText } from 'ai';

const azure = createAzure({
  baseURL: `${process.env.UPSTREAM_URL}/openai`,
  apiKey: 'of-the-benchmark',
  useDeploymentBasedUrls: true,
});
const model = azure.chat('gpt-4o');
createServer((_request, response) => {
  streamText({ model, messages: [{ role: 'user', content: 'Hello' }] }).pipeUIMessageStreamToResponse(
    response,
  );
}).listen(Number(process.env.PORT), '127.0.0.1');
