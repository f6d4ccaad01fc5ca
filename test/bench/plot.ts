/**
 * Draws a table as bars, for readers who would rather look.
 *
 * @module
 */

import { median } from './statistics.ts'
import type { Row, Table } from './table.ts'

const width = 640
const labelWidth = 190
const barHeight = 18
const rowHeight = 28

/** Neither black nor white, so that both kinds of page can be behind it. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .bar { fill: #8c959f } .ours { fill: #0969da } .range { stroke: #24292f }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .bar { fill: #6e7681 } .ours { fill: #4493f8 } .range { stroke: #e6edf3 }
  }`

/** Returns the first column as an SVG picture: a bar a row, with its spread. */
export function plot({ title, engine, columns, rows }: Table, ours: string): string {
  const [column] = columns
  if (!column) return ''
  const shown = rows.filter(({ values }) => (values[column.key] ?? []).length > 0)
  const valuesOf = (row: Row): readonly number[] => row.values[column.key] ?? []
  const largest = Math.max(...shown.flatMap(valuesOf))
  const scale = (width - labelWidth - 70) / largest
  const bars = shown.map((row, at) => {
    const values = valuesOf(row)
    const middle = median(values)
    const y = 34 + at * rowHeight
    const end = labelWidth + Math.max(1, middle * scale)
    const [low, high] = [Math.min(...values), Math.max(...values)].map(
      (value) => labelWidth + value * scale,
    )
    const centre = y + barHeight / 2
    return `
  <text x="${labelWidth - 8}" y="${y + 14}" text-anchor="end">${escaped(row.name)}</text>
  <rect class="${row.name.startsWith(ours) ? 'ours' : 'bar'}" x="${labelWidth}" y="${y}" width="${(end - labelWidth).toFixed(1)}" height="${barHeight}"/>
  <line class="range" x1="${low?.toFixed(1)}" x2="${high?.toFixed(1)}" y1="${centre}" y2="${centre}"/>
  <text x="${(Math.max(end, high ?? 0) + 6).toFixed(1)}" y="${y + 14}">${middle.toFixed(column.digits)}</text>`
  })
  const heading = `${title.replaceAll('`', '')}${engine && `, ${engine}`}: ${column.title}`
  const height = 44 + shown.length * rowHeight
  const description = shown
    .map((row) => `${row.name} ${median(valuesOf(row)).toFixed(column.digits)}`)
    .join('; ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(heading)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>${style}
  </style>
  <text x="0" y="18">${escaped(heading)}</text>${bars.join('')}
</svg>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
