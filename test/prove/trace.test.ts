import { expect, test } from 'bun:test'
import { type Event, readTrace } from '../../prove/trace.ts'
import { openFolder } from '../support/folder.ts'

const DATABASE = '/data/app.db'

/** Text as `strace -xx` writes it. */
const hex = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')

const at = (fd: number, path: string) => `${fd}<${hex(path)}>`

/** The events of a trace with these lines. */
async function read(...lines: string[]): Promise<Event[]> {
  using folder = openFolder()
  const path = folder.file('trace')
  await Bun.write(path, `${lines.join('\n')}\n`)
  return await Array.fromAsync(readTrace(path, DATABASE))
}

test('a trace tells what is written, cut and synced, from the beginning to the end', async () => {
  const wal = at(7, `${DATABASE}-wal`)
  const events = await read(
    `11 pwrite64(${wal}, "${hex('abc')}", 3, 4096) = 3`,
    `11 fsync(${wal} <unfinished ...>`,
    `12 ftruncate(${at(8, DATABASE)}, 8192) = 0`,
    '11 <... fsync resumed>)              = 0',
    `11 fdatasync(${at(9, '/data')}) = 0`,
  )
  expect(events).toEqual([
    { kind: 'write', file: '-wal', offset: 4096, data: Buffer.from('abc') },
    { kind: 'sync', file: '-wal', thread: '11' },
    { kind: 'truncate', file: '', size: 8192 },
    { kind: 'synced', file: '-wal', thread: '11' },
    { kind: 'sync', file: undefined, thread: '11' },
    { kind: 'synced', file: undefined, thread: '11' },
  ])
})

test('a sync that fails has synced nothing', async () => {
  const events = await read(`11 fsync(${at(7, DATABASE)}) = -1 EIO (Input/output error)`)
  expect(events.map(({ kind }) => kind)).toEqual(['sync'])
})

test('a trace tells which files are made and removed, and of no others', async () => {
  const open = (path: string, how: string) =>
    `11 openat(AT_FDCWD<${hex('/')}>, "${hex(path)}", ${how}, 0644) = ${at(7, path)}`
  const events = await read(
    open(`${DATABASE}.search`, 'O_RDWR|O_CREAT'),
    open(DATABASE, 'O_RDWR'),
    open('/data/other', 'O_RDWR|O_CREAT'),
    `11 unlink("${hex(`${DATABASE}-wal`)}") = 0`,
    `11 unlink("${hex(`${DATABASE}-journal`)}") = -1 ENOENT (No such file or directory)`,
  )
  expect(events).toEqual([
    { kind: 'create', file: '.search' },
    { kind: 'remove', file: '-wal' },
  ])
})

test('a trace tells what leaves by a socket', async () => {
  const [event] = await read(`11 sendto(${at(3, 'socket:[99]')}, "${hex('HTTP/1.1')}", 8, 0) = 8`)
  expect(event).toEqual({ kind: 'answer', text: 'HTTP/1.1' })
})

test('a trace with a call that it cannot follow proves nothing', async () => {
  const line = `11 pwritev(${at(7, DATABASE)}, [{iov_base="${hex('a')}", iov_len=1}], 1, 0) = 1`
  await expect(read(line)).rejects.toThrow('pwritev')
})
