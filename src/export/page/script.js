// Steps through the run. Everything that is shown is on the page already: this marks one row after
// the other, and puts beside it what is so at that moment.

const player = document.querySelector('.player')
const [back, next] = player.querySelectorAll('.controls button')
const position = player.querySelector('output')
const filter = player.querySelector('select')
const now = player.querySelector('.now')

/** The row that is marked. */
let current

/** The rows, read anew each time: a page may grow. */
const allRows = () => [...document.querySelectorAll('.row')]
const shownRows = () => allRows().filter((row) => !row.hidden)

function goTo(row) {
  mark(row)
  row.scrollIntoView({ block: 'center' })
  history.replaceState(null, '', `#${row.id}`)
}

function mark(row) {
  current?.removeAttribute('aria-current')
  current = row
  row.setAttribute('aria-current', 'step')

  const { at, state, words } = JSON.parse(row.dataset.moment)
  const shown = shownRows()
  const place = shown.indexOf(row)
  const title = row.querySelector('h2, .title b, h3')?.textContent.trim() ?? ''
  position.textContent = `${place + 1} of ${shown.length} · ${at} · ${title}`
  back.disabled = place <= 0
  next.disabled = place === shown.length - 1

  player.querySelector('.moment').replaceChildren(
    ...Object.entries(words).map(([name, value]) => {
      const line = document.createElement('div')
      line.append(element('dt', name), element('dd', value))
      return line
    }),
  )
  const values = document.getElementById(state)?.querySelectorAll('.values') ?? []
  // Before the first stage there is no state.
  player.querySelector('h2').hidden = values.length === 0
  player
    .querySelector('.state-now')
    .replaceChildren(...[...values].map((one) => one.cloneNode(true)))
}

function element(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

/** Goes to the next row, forward or back, that is shown and is one of these. */
function step(direction, isWanted = () => true) {
  const rows = allRows()
  let at = rows.indexOf(current) + direction
  while (rows[at] && (rows[at].hidden || !isWanted(rows[at]))) at += direction
  if (rows[at]) goTo(rows[at])
}

for (const button of [back, next]) {
  button.addEventListener('click', () => step(Number(button.dataset.step)))
}

document.addEventListener('keydown', (event) => {
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  // In a field, in a table that scrolls, and with Alt or Ctrl, an arrow has a meaning of its own.
  if (!direction || event.altKey || event.ctrlKey || event.metaKey) return
  if (event.target.closest('select, input, .scroll')) return
  event.preventDefault()
  step(direction, event.shiftKey ? (row) => row.classList.contains('begins') : undefined)
})

function hideOthers(rows) {
  for (const row of rows) {
    // The beginnings of the stages stay, so that one knows where one is.
    row.hidden =
      filter.value !== '' && row.dataset.group !== filter.value && !row.matches('.begins')
  }
}

filter.addEventListener('change', () => {
  const rows = allRows()
  hideOthers(rows)
  const behind = rows.slice(Math.max(0, rows.indexOf(current)))
  const nearest = behind.find((row) => !row.hidden) ?? shownRows().at(-1)
  if (nearest) goTo(nearest)
})

/** A link to a moment, in the page or from elsewhere, goes there. */
function followLink() {
  const row = allRows().find((one) => `#${one.id}` === location.hash)
  if (row && !row.hidden) goTo(row)
}
window.addEventListener('hashchange', followLink)

document.body.classList.add('steps')
now.open = window.matchMedia('(min-width: 75rem)').matches
const [first] = allRows()
if (first) mark(first)
player.hidden = false
followLink()
