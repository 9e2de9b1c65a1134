/**
 * An answer as Elysia's typed client sees it: the value that its body holds. While the program
 * runs it is the Response that it was.
 */
export function typed<Body>(answer: Response | Promise<Response>): Promise<Body> {
  return answer as unknown as Promise<Body>
}
