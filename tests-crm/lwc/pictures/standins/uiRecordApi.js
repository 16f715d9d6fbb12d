// Lightning Data Service in small: one record, and saves that are taken, or refused.
import { adapter, answers } from './store'

export const getRecord = adapter(() => answers.record)
export const notifyRecordUpdateAvailable = () => Promise.resolve()
export const updateRecord = () => (answers.refused ? Promise.reject(answers.refused) : Promise.resolve({}))
