// The describe of Opportunity and Task: which of our fields this user may write.
import { adapter, answers } from './store'

export const getObjectInfo = adapter(() => ({ data: answers.info }))
