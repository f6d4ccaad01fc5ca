// Steps through the run. All data is on the page already: this script marks
// the current row and shows the situation at that moment beside it.

const player = document.querySelector('.player')
const [back, next] = player.querySelectorAll('.controls button')
const position = player.querySelector('output')
const filter = player.querySelector('select')
const now = player.querySelector('.now')

/** The marked row. */
let current

/** All rows. Queried each time because a live page grows. */
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
  const created = document.createElement(name)
  created.textContent = text
  return created
}

/** Goes to the next or previous visible row that matches. */
function step(direction, matches = () => true) {
  const rows = allRows()
  let at = rows.indexOf(current) + direction
  while (rows[at] && (rows[at].hidden || !matches(rows[at]))) at += direction
  if (rows[at]) goTo(rows[at])
}

for (const button of [back, next]) {
  button.addEventListener('click', () => step(Number(button.dataset.step)))
}

document.addEventListener('keydown', (event) => {
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  // Arrow keys already have a meaning in fields, in scrolling tables and with
  // Alt, Ctrl or Cmd.
  if (!direction || event.altKey || event.ctrlKey || event.metaKey) return
  if (event.target.closest('select, input, .scroll, .fields')) return
  event.preventDefault()
  step(direction, event.shiftKey ? (row) => row.classList.contains('begins') : undefined)
})

function hideOthers(rows) {
  for (const row of rows) {
    // Stage headings stay visible for orientation.
    row.hidden =
      filter.value !== '' && row.dataset.group !== filter.value && !row.matches('.begins')
  }
}

filter.addEventListener('change', () => {
  const rows = allRows()
  hideOthers(rows)
  const following = rows.slice(Math.max(0, rows.indexOf(current)))
  const nearest = following.find((row) => !row.hidden) ?? shownRows().at(-1)
  if (nearest) goTo(nearest)
})

/** Goes to the moment in the address, if it names one. */
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
