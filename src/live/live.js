// Lets the page grow while its run goes on. It comes after the script that every page has, and uses
// that script's functions: what is new is put where it belongs, and the newest row is marked.

const live = player.querySelector('.live')
const status = live.querySelector('p')
const followButton = live.querySelector('button')
const main = document.querySelector('main')

/** A connection that was lost so long ago, in milliseconds, is not coming back. */
const patience = 15_000

/** Whether the reader wants to see each new event. Whoever looks at something else is left there. */
let follows = location.hash === ''
/** What is so about the connection: a sentence, or nothing while all is well. */
let trouble = ''
/** Since when there is no connection. */
let lostAt

// A page that is loaded anew, for the next run, begins where the run is and not where it was left.
history.scrollRestoration = 'manual'

const newest = () => shownRows().at(-1)
const isFollowing = () => follows && current === newest()
const isOver = () => document.querySelector('.row.over') !== null

function stateOfRun() {
  if (isOver()) return 'The run is over.'
  if (newest() === undefined) return 'Live: the run has not begun yet.'
  return 'Live: this page grows while the run goes on.'
}

function say() {
  const words = trouble === '' || isOver() ? [stateOfRun(), trouble] : [trouble]
  status.textContent = words.join(' ').trim()
  live.classList.toggle('troubled', trouble !== '' && !isOver())
  followButton.hidden = isFollowing() || newest() === undefined
}

function follow() {
  const row = newest()
  if (row === undefined) return
  mark(row)
  row.scrollIntoView({ block: 'nearest', behavior: 'instant' })
}

/** Whether a part of the newest row is in the window, above the bar at the foot. */
function isNewestInView() {
  const box = newest()?.getBoundingClientRect()
  return box === undefined || (box.bottom > 0 && box.top < window.innerHeight)
}

/** Puts rows behind the first ones, which stay, and replaces what else has changed. */
function grow({ keep, sections, parts }) {
  const rows = allRows()
  const goesOn = rows.length === 0 || isFollowing()
  const marked = rows.indexOf(current)
  for (const row of rows.slice(keep)) row.remove()
  for (const section of document.querySelectorAll('#run > section')) {
    if (!section.querySelector('.row')) section.remove()
  }
  const made = document.createElement('template')
  made.innerHTML = sections
  hideOthers(made.content.querySelectorAll('.row'))
  for (const section of [...made.content.children]) {
    const here = document.getElementById(section.id)
    if (here) here.querySelector('.events').append(...section.querySelectorAll('.row'))
    else document.getElementById('run').append(section)
  }
  for (const [id, html] of Object.entries(parts)) document.getElementById(id).innerHTML = html

  if (goesOn) return follow()
  // The row that was marked may have been replaced, and the count of rows has changed.
  const row = allRows()[Math.max(0, marked)]
  if (row) mark(row)
}

const source = new EventSource(`${location.pathname}/changes?since=${document.body.dataset.live}`)
source.addEventListener('open', () => {
  lostAt = undefined
  trouble = ''
  say()
})
source.addEventListener('message', ({ data }) => {
  grow(JSON.parse(data))
  say()
})
// A new run has a page of its own, at the same address.
source.addEventListener('again', () => {
  source.close()
  history.replaceState(null, '', location.pathname)
  location.reload()
})
source.addEventListener('end', () => {
  source.close()
  trouble = 'The workbook has closed this page: it stays as it is.'
  say()
})
source.addEventListener('error', () => {
  lostAt ??= performance.now()
  if (performance.now() - lostAt > patience) source.close()
  trouble =
    source.readyState === EventSource.CLOSED
      ? 'The workbook does not answer any more: this page stays as it is.'
      : 'The connection is lost. Trying again …'
  say()
})

// Our own scrolling ends at the newest row, a reader's elsewhere.
document.addEventListener('scroll', () => {
  follows = isNewestInView()
  say()
})
window.addEventListener('resize', () => {
  if (isFollowing()) follow()
})
// Whoever unfolds something wants to read it.
main.addEventListener('click', (event) => {
  if (!event.target.closest('summary')) return
  follows = false
  say()
})
followButton.addEventListener('click', () => {
  follows = true
  follow()
  say()
})

if (follows) follow()
say()
