// The query for the user's open tasks.
import { adapter, answers } from './store'

export const gql = (parts) => parts.join('')
export const graphql = adapter(() => ({ data: answers.tasks, refresh: () => Promise.resolve() }))
