import { type Static, Type } from '@sinclair/typebox'

const textOrNull = (description: string) =>
  Type.Union([Type.String(), Type.Null()], { description })

/** What WhatsApp tells of a message beside the five fields. */
export const WhatsAppDetails = Type.Object({
  type: Type.String({ description: 'text, image, interactive, ... as WhatsApp names it.' }),
  profile_name: textOrNull("The sender's name in their profile."),
  reply_to: textOrNull('The message_id that this one answers.'),
  media_ids: Type.Array(Type.String(), { description: 'By which its media can be fetched.' }),
  phone_number_id: textOrNull('The number of ours that it came to, as WhatsApp names it.'),
  raw: Type.Unknown({ description: 'The whole item of the notification.' }),
})

/** The same as it is kept: what came as JSON is still the very text that came. */
export type KeptDetails = Omit<Static<typeof WhatsAppDetails>, 'raw'> & { readonly raw: string }

const Step = Type.Object({ status: Type.String(), ts: Type.String(), raw: Type.Unknown() })

/** An outgoing message's status, as GET /statuses shows it. */
export const StatusRecord = Type.Object({
  message_id: Type.String(),
  from: Type.String({ description: 'The number of ours that the message was sent from.' }),
  recipient: Type.String({ description: 'Who it was sent to.' }),
  status: Type.String({ description: 'The furthest step: sent, failed, delivered, read, played.' }),
  ts: Type.String({ description: 'When that step happened.' }),
  pricing: Type.Unknown({ description: 'The latest pricing that a step told, or null.' }),
  errors: Type.Array(Type.Unknown(), { description: 'What a failure told.' }),
  history: Type.Array(Step, { description: 'Every step, the furthest last.' }),
  received_at: Type.String({ description: 'When the latest step arrived.' }),
})

/** The same as it is kept: what came as JSON is still the very text that came. */
export type KeptStatus = Omit<Static<typeof StatusRecord>, 'pricing' | 'errors' | 'history'> & {
  readonly pricing: string
  readonly errors: string
  readonly history: readonly {
    readonly status: string
    readonly ts: string
    readonly raw: string
  }[]
}

const COMMON = {
  seq: Type.Integer({ description: 'Number in the order of arrival.' }),
  account: Type.Union([Type.String(), Type.Null()], { description: 'Business account, or null.' }),
  copies: Type.Integer({ description: 'How often the same came.' }),
  received_at: Type.String({ description: 'When the first copy arrived.' }),
  raw: Type.Unknown({ description: 'What came.' }),
}

/** A notification that is neither message nor status, as GET /notifications shows it. */
export const NotificationRecord = Type.Object({
  field: Type.String({ description: 'Which field of the account it is about.' }),
  ...COMMON,
})

/** An item that could not be read, as GET /quarantine shows it. */
export const QuarantineRecord = Type.Object({
  reason: Type.String({ description: 'Why it could not be read.' }),
  ...COMMON,
})

/**
 * What was kept raw, of either kind, as JSON text; `label` becomes `field` or `reason` when it is
 * shown.
 */
export type KeptRecord = Omit<Static<typeof NotificationRecord>, 'field' | 'raw'> & {
  readonly label: string
  readonly raw: string
}
