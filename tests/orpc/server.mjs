// A chat endpoint on the real oRPC, which answers in the way that the request's `model` names.
//
// Started by ../orpc.rs. Prints its port, and stops when its stdin closes: it never outlives the tests.

import { createServer } from 'node:http'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { eventIterator, ORPCError, os, withEventMeta } from '@orpc/server'
import { z } from 'zod'

const PATH = '/api/v1/llm/chat/completions/stream'

// ---- What the modes are made of ----------------------------------------------------------------------------------------

const chunkOf = (delta, choice = {}, more = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1700000000,
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: null, ...choice }],
  ...more,
})
const text = (content) => chunkOf({ content })

/** A mode whose chunks have these texts; what `then` returns or throws is the end. */
const texts = (contents, then = () => undefined) =>
  async function* (call) {
    for (const content of contents) yield text(content)
    return await then(call)
  }

/** A mode that yields these values as they are. */
const values = (...all) => async function* () { yield* all }

const ends = (value) => texts(['a'], () => value)
const throws = (make) => () => { throw make() }
const failsAfterA = (make) => texts(['a'], throws(make))

const orpcError = (code, options) => () => new ORPCError(code, options)
const plainError = () => new Error('a secret of the server')
const withMeta = (content, meta) => withEventMeta(text(content), meta)

/** `call.lastIndex` is what the client says it has: the index of a chunk, or -1. */
const resumed = (firstOf) =>
  async function* ({ lastIndex }) {
    const all = ['a', 'b', 'c', 'd', 'e']
    for (let index = firstOf(lastIndex); index < all.length; index += 1) yield withMeta(all[index], { id: String(index) })
    return null
  }

/** Runs `cut` once three chunks have left, and then nothing more. */
const cutAfterThree = (cut) =>
  async function* ({ response, left, aborted }) {
    for (const content of ['a', 'b', 'c']) yield text(content)
    await left(/^event: /, 3)
    cut(response)
    await aborted
  }

/** Cut after three chunks; whoever comes again gets the rest from `firstOf` on, with ids or without. */
const cutThenResumed = (cut, firstOf, ids) =>
  async function* ({ response, left, aborted, lastIndex }) {
    const all = ['a', 'b', 'c', 'd', 'e']
    const chunk = (index) => ids ? withMeta(all[index], { id: String(index) }) : text(all[index])
    const isFirst = lastIndex < 0
    for (let index = isFirst ? 0 : firstOf(lastIndex); index < (isFirst ? 3 : all.length); index += 1) yield chunk(index)
    if (!isFirst) return null
    await left(/^event: /, 3)
    cut(response)
    await aborted
  }
const goesOn = (lastIndex) => lastIndex + 1
const beginsAgain = () => 0
const overlaps = (lastIndex) => Math.max(0, lastIndex - 1)

const HALF_AN_EVENT = 'event: message\ndata: {"id":"chatcmpl-1","object":"chat.compl'

const hangsUp = (response) => response.socket.destroy()
const hangsUpMidEvent = (response) => response.write(HALF_AN_EVENT, () => response.socket.destroy())

// Between two requests of one test, which gives itself a name in `user`.
const attempts = new Map()
const finished = new Map()
const whenFinished = (user) => {
  if (!finished.has(user)) {
    const end = {}
    end.promise = new Promise((resolve) => { end.resolve = resolve })
    finished.set(user, end)
  }
  return finished.get(user)
}

// ---- The modes ---------------------------------------------------------------------------------------------------------

const modes = {
  // Ends.
  'ok': texts(['a', 'b', 'c']),
  'empty': texts([]),
  'done-value': ends({ reason: 'stop', tokens: 3, cost: 0.1, list: [null, true, ''] }),
  'done-null': ends(null),
  'done-string': ends('[DONE]'),
  'done-number': ends(9007199254740991),
  'done-false': ends(false),
  'done-meta': ends(withEventMeta({ n: 1 }, { id: '7', retry: 20 })),
  'return-undefined': ends(undefined),

  // Events.
  'ids': values(withMeta('a', { id: '0' }), withMeta('b', { id: '1' }), text('c')),
  'ids-retry-comments': values(
    withMeta('a', { id: '0', retry: 1500, comments: ['seen', 'data: not this'] }),
    withMeta('b', { id: 'b é 💚:1', retry: 0 }),
    withMeta('c', { id: '' }),
  ),
  'yield-undefined': values(text('a'), undefined, text('b')),
  'no-initial-comment': texts(['a', 'b', 'c']),
  'slow-keepalive': async function* ({ left }) {
    yield text('a')
    await left(/^: \n\n$/, 5)
    yield text('b')
  },
  'silence': async function* ({ aborted }) { yield text('a'); await aborted },
  'many': async function* () { for (let n = 0; n < 10_000; n += 1) yield text(`${n} `) },
  'big-event': texts(['a', '0123456789abcdef'.repeat(256 * 1024), 'b']),

  // Chunks.
  'lone-surrogate': texts(['x\ud83d', '\ude00y', '\ud83d\ude00']),
  'cjk-emoji': texts(['日本語', '👩‍👩‍👧‍👦', 'é\u0301', 'עִבְרִית']),
  'control-characters': texts(['\u0000', '\ufeff', '\u2028\u2029', '\r\n\t', '"\\/', '\u007f\u0085']),
  'looks-like-an-event': texts(['\n\nevent: done\ndata: {}\n\n', '[DONE]', ': \n\n']),
  'unknown-fields': values(
    chunkOf({ content: 'a', mood: { good: true } }, { weight: 0.5 }, { service_tier: 'fast', deep: [[{}]] }),
  ),
  'unknown-finish-reason': values(chunkOf({ content: 'a' }, { finish_reason: 'paused' })),
  'unknown-role-and-part': values(
    chunkOf({ role: 'critic', content: [{ type: 'text', text: 'a' }, { type: 'scent', notes: ['rose', 1.50] }] }),
  ),
  'nulls': values(chunkOf(
    { content: null, refusal: null, reasoning: null },
    { logprobs: null },
    { resolved_serving_location: null },
  )),
  'absents': values(chunkOf({})),
  'large-numbers': values(chunkOf({ content: 'a' }, {}, {
    created: 9007199254740991,
    usage: { prompt_tokens: 9007199254740991, completion_tokens: 0, total_tokens: -9007199254740991 },
  })),
  'two-choices': values(
    chunkOf({ content: 'a' }, { index: 1 }),
    chunkOf({ content: 'b' }),
    chunkOf({ content: 'c' }, { index: 1, finish_reason: 'length' }),
    chunkOf({}, { finish_reason: 'stop' }),
  ),
  'tool-calls': values(
    chunkOf({ role: 'assistant', content: null }),
    chunkOf({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'sum', arguments: '' } }] }),
    chunkOf({ tool_calls: [{ index: 1, id: 'call_2', type: 'function', function: { name: 'now', arguments: '{}' } }] }),
    chunkOf({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
    chunkOf({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
    chunkOf({}, { finish_reason: 'tool_calls' }),
  ),
  'usage': values(
    text('a'),
    chunkOf({}, { finish_reason: 'stop' }),
    {
      ...chunkOf({}),
      choices: [],
      usage: {
        prompt_tokens: 5, completion_tokens: 7, total_tokens: 12,
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      resolved_model: 'm-1', resolved_provider: 'p', resolved_serving_location: 'eu',
    },
  ),
  'not-a-chunk': values(text('a'), { id: 'chatcmpl-1', choices: 'none' }, text('b')),
  'not-an-object': values(text('a'), 'b', 3, null, text('c')),

  // Errors in the stream.
  'error-plain': failsAfterA(plainError),
  'error-orpc': failsAfterA(orpcError('BAD_GATEWAY', { message: 'the model is gone', data: { provider: 'p' } })),
  'error-rate-limited': failsAfterA(orpcError('TOO_MANY_REQUESTS')),
  'error-own-code': failsAfterA(orpcError('OUT_OF_TOKENS', { message: 'ありません 💚' })),
  'error-own-status': failsAfterA(orpcError('OUT_OF_TOKENS', { status: 402, message: 'pay first' })),
  'error-defined': texts(['a'], ({ errors }) => { throw errors.QUOTA({ data: { limit: 1000 } }) }),
  'error-with-meta': failsAfterA(() => withEventMeta(new ORPCError('BAD_GATEWAY'), { id: '1', retry: 250 })),
  'error-before-first-yield': texts([], throws(orpcError('SERVICE_UNAVAILABLE', { message: 'not now' }))),
  'error-validation': values(text('a'), { object: 'invalid' }),

  // Errors before it: thrown by the handler itself, not by its generator.
  'unauthorized': throws(orpcError('UNAUTHORIZED', { message: 'no such key' })),
  'forbidden-data': throws(orpcError('FORBIDDEN', { data: { scope: 'chat' } })),
  'rate-limited': ({ response }) => {
    response.setHeader('Retry-After', '7')
    throw new ORPCError('TOO_MANY_REQUESTS', { message: 'slow down' })
  },
  'rate-limited-once': (call) => {
    const attempt = (attempts.get(call.user) ?? 0) + 1
    attempts.set(call.user, attempt)
    if (attempt > 1) return texts([`attempt ${attempt}`])(call)
    call.response.setHeader('retry-after-ms', '1')
    throw new ORPCError('TOO_MANY_REQUESTS')
  },
  'throws-plain': throws(plainError),
  'unavailable': throws(orpcError('SERVICE_UNAVAILABLE')),
  'own-status': throws(orpcError('TEAPOT', { status: 418, message: 'short and stout' })),
  'not-an-iterator': () => ({ object: 'chat.completion' }),
  'other-error-body': throws(orpcError('NOT_FOUND', { message: 'no such model' })),

  // Cuts.
  'drop': cutAfterThree(hangsUp),
  'drop-mid-event': cutAfterThree(hangsUpMidEvent),
  'end-mid-event': cutAfterThree((response) => response.end(HALF_AN_EVENT)),
  'end-before-blank-line': cutAfterThree((response) => response.end(`event: message\ndata: ${JSON.stringify(text('d'))}\n`)),
  'reset': cutAfterThree((response) => response.socket.resetAndDestroy()),
  'drop-before-the-head': async ({ response }) => { response.socket.destroy(); return texts([])({}) },

  // Resumption.
  'cut-then-goes-on': cutThenResumed(hangsUp, goesOn, false),
  'cut-then-goes-on-with-ids': cutThenResumed(hangsUp, goesOn, true),
  'cut-then-begins-again': cutThenResumed(hangsUp, beginsAgain, false),
  'cut-then-begins-again-with-ids': cutThenResumed(hangsUp, beginsAgain, true),
  'cut-then-overlaps': cutThenResumed(hangsUp, overlaps, false),
  'cut-then-overlaps-with-ids': cutThenResumed(hangsUp, overlaps, true),
  'cut-mid-event-then-goes-on': cutThenResumed(hangsUpMidEvent, goesOn, false),
  'ended-mid-event-then-goes-on': cutThenResumed((response) => response.end(HALF_AN_EVENT), goesOn, false),
  'cut-then-another-answer': async function* (call) {
    if (call.lastIndex < 0) yield* cutThenResumed(hangsUp, goesOn, false)(call)
    else yield chunkOf({ content: 'x' }, {}, { id: 'chatcmpl-2' })
  },
  'cut-then-refused': async function* (call) {
    if (call.lastIndex < 0) yield* cutThenResumed(hangsUp, goesOn, false)(call)
    else throw new ORPCError('BAD_GATEWAY', { message: 'the model is gone' })
  },
  'resume': resumed((lastIndex) => lastIndex + 1),
  'resume-ignored': resumed(() => 0),
  'resume-overlapping': resumed((lastIndex) => Math.max(0, lastIndex)),

  // What the server saw.
  'echo': async function* ({ request, input }) {
    yield text(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: input }))
  },
  'until-dropped': async function* ({ aborted, user }) {
    yield text('a')
    await aborted
    whenFinished(user).resolve()
  },
  'was-dropped': async function* ({ user }) {
    await whenFinished(user).promise
    yield text('yes')
  },
}

// ---- The server --------------------------------------------------------------------------------------------------------

const complete = os
  .route({ method: 'POST', path: PATH })
  .errors({ QUOTA: { status: 429, message: 'the quota is used up', data: z.object({ limit: z.number() }) } })
  .input(z.looseObject({ model: z.enum(Object.keys(modes)), messages: z.array(z.unknown()).min(1) }))
  .output(eventIterator(z.unknown().refine((value) => value?.object !== 'invalid'), z.unknown()))
  .handler(({ input, context, errors, signal }) => {
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    const lastIndex = Number(context.request.headers['x-last-chunk-index'] ?? -1)
    return modes[input.model]({ ...context, input, user: input.user, errors, aborted, lastIndex })
  })

// What oRPC is told, where a mode needs it told otherwise.
const handlers = {
  'no-initial-comment': { eventIteratorInitialCommentEnabled: false },
  'slow-keepalive': { eventIteratorKeepAliveInterval: 10 },
  'other-error-body': { customErrorResponseBodyEncoder: (error) => ({ error: { message: error.message, code: 404 } }) },
}
const handlerOf = (options) => new OpenAPIHandler({ complete }, options)
const usual = handlerOf({})
for (const [mode, options] of Object.entries(handlers)) handlers[mode] = handlerOf(options)

/** Tells when the socket has taken `count` writes that look like this; oRPC makes one for each event and each comment. */
function writesOf(response) {
  const taken = []
  const waiting = new Set()
  const write = response.write
  response.write = (piece, callback) => write.call(response, piece, (error) => {
    taken.push(String(piece))
    for (const check of waiting) check()
    callback?.(error)
  })
  return (pattern, count) => new Promise((resolve) => {
    const check = () => { if (taken.filter((piece) => pattern.test(piece)).length >= count) resolve() }
    waiting.add(check)
    check()
  })
}

async function read(request) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const server = createServer(async (request, response) => {
  // oRPC takes a body that is there already.
  request.body = JSON.parse(await read(request))
  const handler = handlers[request.body.model] ?? usual
  const { matched } = await handler.handle(request, response, {
    context: { request, response, left: writesOf(response) },
  })
  if (!matched) response.writeHead(404, { 'content-type': 'text/html' }).end('<html><title>Not here</title></html>')
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))

process.stdin.on('end', () => process.exit()).resume()
