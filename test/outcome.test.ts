import { describe, expect, test } from 'bun:test'
import { REJECTIONS, RESULTS, Rejection } from '../src/outcome.ts'

describe('REJECTIONS', () => {
  test('has the statuses and details of the contract', () => {
    const table = Object.entries(REJECTIONS).map(([code, { status, detail }]) => [
      code,
      status,
      detail,
    ])
    expect(table).toEqual([
      ['body_too_large', 413, 'body too large'],
      ['bodies_full', 503, 'too many large bodies are being read'],
      ['body_too_slow', 408, 'body too slow'],
      ['invalid_signature', 401, 'invalid signature'],
      ['timestamp_out_of_tolerance', 401, 'invalid signature'],
      ['validation_error', 422, 'validation error'],
      ['queue_full', 503, 'too many deliveries are waiting for the disk'],
      ['storage_full', 503, 'storage full'],
      ['store_unavailable', 503, 'database not ready'],
    ])
  })

  test('says of every refusal what it means, in a sentence', () => {
    const meanings = Object.values(REJECTIONS).map(({ meaning }) => meaning)
    expect(meanings.filter((meaning) => !/^[A-Z].+\.$/.test(meaning))).toEqual([])
  })
})

describe('RESULTS', () => {
  test('are the two receipts and every refusal', () => {
    expect(RESULTS).toEqual([
      'created',
      'duplicate',
      'body_too_large',
      'bodies_full',
      'body_too_slow',
      'invalid_signature',
      'timestamp_out_of_tolerance',
      'validation_error',
      'queue_full',
      'storage_full',
      'store_unavailable',
    ])
  })
})

describe('Rejection', () => {
  test('has no faults and no message id unless they are given', () => {
    const rejection = new Rejection('queue_full')
    expect(rejection.result).toBe('queue_full')
    expect(rejection.faults).toEqual([])
    expect(rejection.messageId).toBeUndefined()
  })
})
