// The page that holds the panel in one state, named in the address: ?show=ready
import '@lwc/synthetic-shadow'
import { createElement } from 'lwc'
import DealReadiness from 'c/dealReadiness'
import { answers } from './standins/store'
import { scene } from './scenes'

const show = new URLSearchParams(document.location.search).get('show')
Object.assign(answers, scene(show))
const panel = createElement('c-deal-readiness', { is: DealReadiness })
panel.recordId = answers.deal
document.body.appendChild(panel)
