import { hmacHex } from './hmac.ts'

/** A request as Swagger UI is about to send it. */
interface SwaggerRequest {
  readonly headers: Record<string, string>
  readonly body?: unknown
}

declare const SwaggerUIBundle: (options: {
  readonly url: string
  readonly dom_id: string
  readonly validatorUrl: null
  readonly requestInterceptor: (request: SwaggerRequest) => SwaggerRequest
}) => unknown

/**
 * What was typed under Authorize stands where the signature belongs: puts the signature of the
 * body there, so that the secret itself never leaves the page.
 */
function sign(request: SwaggerRequest): SwaggerRequest {
  const secret = request.headers['X-Signature']
  if (secret !== undefined) {
    request.headers['X-Signature'] = hmacHex(secret, String(request.body ?? ''))
  }
  return request
}

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  validatorUrl: null,
  requestInterceptor: sign,
})
