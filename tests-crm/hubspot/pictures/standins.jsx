// HTML in the place of HubSpot's components, for pictures only: inside HubSpot its own components are drawn.
import { useState } from 'react'

const gaps = { flush: 0, xs: 4, sm: 8, md: 16, lg: 24 }

export const Flex = ({ direction = 'row', gap = 'flush', wrap, align, justify, children }) => (
  <div style={{ display: 'flex', flexDirection: direction, gap: gaps[gap], flexWrap: wrap ? 'wrap' : 'nowrap', alignItems: align, justifyContent: justify }}>{children}</div>
)
export const Text = ({ variant, format, children }) => (
  <div className={variant === 'microcopy' ? 'micro' : 'text'} style={{ fontWeight: format?.fontWeight === 'bold' ? 600 : 400 }}>{children}</div>
)
export const Heading = ({ children }) => <h2>{children}</h2>
export const StatusTag = ({ variant = 'default', children }) => <span className={`tag ${variant}`}><i />{children}</span>
export const List = ({ children }) => <ul>{[children].flat().map((one, place) => <li key={place}>{one}</li>)}</ul>
export const Alert = ({ title, variant, children }) => <div className={`alert ${variant}`} role="alert"><b>{title}</b>{children}</div>
export const LoadingSpinner = ({ label }) => <div className="spinner" role="status"><i />{label}</div>
export const Button = ({ onClick, children }) => <button type="button" className="secondary" onClick={() => onClick?.()}>{children}</button>
export const LoadingButton = ({ variant = 'secondary', loading, onClick, children }) => (
  <div><button type="button" className={variant} disabled={loading} onClick={() => onClick?.()}>{children}</button></div>
)
export const DescriptionList = ({ children }) => <dl>{children}</dl>
export const DescriptionListItem = ({ label, children }) => <><dt>{label}</dt><dd>{children}</dd></>

export function Accordion({ title, defaultOpen = false, children }) {
  const [open, setOpen] = useState(defaultOpen)
  return (
    <section>
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? '▾' : '▸'} {title}</button>
      {open && <div className="folded">{children}</div>}
    </section>
  )
}

const Field = ({ label, description, error, validationMessage, children }) => (
  <label className={error ? 'field wrong' : 'field'}>
    <b>{label}</b>{description && <small>{description}</small>}{children}{validationMessage && <em>{validationMessage}</em>}
  </label>
)
const typed = (type, give) => function Typed({ value, onInput, onChange, ...rest }) {
  const said = (event) => (onInput ?? onChange)?.(give(event.target.value))
  return <Field {...rest}><input type={type} name={rest.name} value={value ?? ''} onChange={said} /></Field>
}
export const Input = typed('text', (text) => text)
export const NumberInput = typed('text', (text) => (text === '' ? Number.NaN : Number(text)))
export const TextArea = ({ value, onInput, ...rest }) => <Field {...rest}><textarea name={rest.name} rows={3} value={value} onChange={(event) => onInput(event.target.value)} /></Field>
export const Select = ({ value, options, onChange, ...rest }) => (
  <Field {...rest}>
    <select name={rest.name} value={value} onChange={(event) => onChange(event.target.value)}>{options.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}</select>
  </Field>
)
const two = (number) => String(number).padStart(2, '0')
export const DateInput = ({ value, onChange, ...rest }) => (
  <Field {...rest}>
    <input
      type="date" name={rest.name} value={value ? `${value.year}-${two(value.month + 1)}-${two(value.date)}` : ''}
      onChange={(event) => { const [year, month, date] = event.target.value.split('-').map(Number); onChange({ year, month: month - 1, date }) }}
    />
  </Field>
)

/** The extension asks to be drawn: draw it into the page. */
export const hubspot = {
  fetch: (url, options) => globalThis.line(url, options),
  extend: (make) => globalThis.draw(make),
}
