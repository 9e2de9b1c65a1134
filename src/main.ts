#!/usr/bin/env bun
import { readdirSync, statSync } from 'node:fs'
import { COMMANDS } from './cli/commands.ts'
import { dispatch } from './cli/dispatch.ts'
import type { Io, StopSignal } from './cli/io.ts'

process.exit(await main())

/** Runs the command of this process's line; resolves once its output has left the process. */
async function main(): Promise<number> {
  // A reader that went away (`ackbox --help | head -1`) is no reason for a stack trace.
  process.stdout.on('error', ignoreClosedPipe)
  process.stderr.on('error', ignoreClosedPipe)
  const code = await dispatch(COMMANDS, process.argv.slice(2), processIo())
  await Promise.all([drain(process.stdout), drain(process.stderr)])
  return code
}

/** The real outside world, where clock, chance, network and environment enter the program. */
function processIo(): Io {
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    stdin: () => Bun.stdin.stream(),
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns || 80,
    now: Date.now,
    monotonic: () => performance.now(),
    usage: {
      cpuSeconds: () => {
        const { user, system } = process.cpuUsage()
        return (user + system) / 1e6
      },
      residentBytes: () => process.memoryUsage.rss(),
      openFiles,
      startedAt: performance.timeOrigin / 1000,
    },
    sleep,
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds)
      return () => clearInterval(timer)
    },
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    fetch: (url, init) => fetch(url, init),
    onSignal,
    onHangup: (listener) => void process.on('SIGHUP', listener),
  }
}

/** Since Linux 6.2 the folder's size is how many there are; before, they have to be listed. */
function openFiles(): number {
  const folder = '/proc/self/fd'
  const size = statSync(folder, { throwIfNoEntry: false })?.size
  if (size === undefined) return Number.NaN
  return size > 0 ? size : readdirSync(folder).length
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
}

function onSignal(listener: (signal: StopSignal) => void): () => void {
  const interrupt = () => listener('SIGINT')
  const terminate = () => listener('SIGTERM')
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', terminate)
  return () => {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', terminate)
  }
}

function drain(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (!stream.writable) return resolve()
    stream.write('', () => resolve())
  })
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
