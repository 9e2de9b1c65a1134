import type { TestService } from '../support/service.ts'

/** An answer as the document describes it; headers and schemas are references. */
interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content?: Readonly<
    Record<string, { readonly schema: object; readonly example?: unknown }>
  >
}

/** One operation of the document. */
export interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly responses: Readonly<Record<string, Answer>>
}

/** As much of an OpenAPI document as the tests look at. */
export interface Description {
  readonly info: { readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** Fetches the document of a service. */
export async function fetchDocument(service: TestService): Promise<Description> {
  return (await service.json('/openapi.json')) as Description
}

/** Its operations in their order, each named as `METHOD /template`. */
export function operationsOf({ paths }: Description) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
}
