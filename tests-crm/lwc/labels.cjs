// The custom labels as they are deployed: name -> English text.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const FILE = join(__dirname, '../../salesforce/force-app/main/default/labels/CustomLabels.labels-meta.xml')
const LABEL = /<fullName>(\w+)<\/fullName>[^]*?<value>([^<]*)<\/value>/g

exports.labels = () =>
  new Map([...readFileSync(FILE, 'utf8').matchAll(LABEL)].map(([, name, text]) => [name, text.replaceAll('&amp;', '&')]))
