import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'

const body = readFileSync(0)
console.log(createHmac('sha256', process.env.WEBHOOK_SECRET).update(body).digest('hex'))
