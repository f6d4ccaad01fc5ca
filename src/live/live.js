// Updates the page during its run. It comes after the script of every page
// and uses its functions. New rows are inserted, and the newest row is
// marked.

const live = player.querySelector('.live')
const status = live.querySelector('p')
const followButton = live.querySelector('button')
const main = document.querySelector('main')

/** How long to retry a lost connection, in milliseconds. */
const retryTimeout = 15_000

/**
 * Whether to scroll to each new event. False while you look at another row.
 */
let follows = location.hash === ''
/** The problem with the connection as a sentence, or empty. */
let problem = ''
/** When the connection was lost. */
let lostAt

// A page that reloads for the next run must not restore the old scroll
// position.
history.scrollRestoration = 'manual'

const newest = () => shownRows().at(-1)
const isFollowing = () => follows && current === newest()
const isOver = () => document.querySelector('.row.over') !== null

function stateOfRun() {
  if (isOver()) return 'The run is over.'
  if (newest() === undefined) return 'Live: the run has not started yet.'
  return 'Live: this page updates during the run.'
}

function showStatus() {
  const words = problem === '' || isOver() ? [stateOfRun(), problem] : [problem]
  status.textContent = words.join(' ').trim()
  live.classList.toggle('troubled', problem !== '' && !isOver())
  followButton.hidden = isFollowing() || newest() === undefined
}

function follow() {
  const row = newest()
  if (row === undefined) return
  mark(row)
  row.scrollIntoView({ block: 'nearest', behavior: 'instant' })
}

/** Whether part of the newest row is in the window. */
function isNewestInView() {
  const box = newest()?.getBoundingClientRect()
  return box === undefined || (box.bottom > 0 && box.top < window.innerHeight)
}

/** Keeps the first rows, replaces the rest, and updates the other parts. */
function grow({ keep, sections, parts }) {
  const rows = allRows()
  const wasFollowing = rows.length === 0 || isFollowing()
  const marked = rows.indexOf(current)
  for (const row of rows.slice(keep)) row.remove()
  for (const section of document.querySelectorAll('#run > section')) {
    if (!section.querySelector('.row')) section.remove()
  }
  const template = document.createElement('template')
  template.innerHTML = sections
  hideOthers(template.content.querySelectorAll('.row'))
  for (const section of [...template.content.children]) {
    const here = document.getElementById(section.id)
    if (here) here.querySelector('.events').append(...section.querySelectorAll('.row'))
    else document.getElementById('run').append(section)
  }
  for (const [id, html] of Object.entries(parts)) document.getElementById(id).innerHTML = html

  if (wasFollowing) return follow()
  // The marked row may have been replaced, and the number of rows has
  // changed.
  const row = allRows()[Math.max(0, marked)]
  if (row) mark(row)
}

const source = new EventSource(`${location.pathname}/changes?since=${document.body.dataset.live}`)
source.addEventListener('open', () => {
  lostAt = undefined
  problem = ''
  showStatus()
})
source.addEventListener('message', ({ data }) => {
  grow(JSON.parse(data))
  showStatus()
})
// A new run has a new page at the same address.
source.addEventListener('again', () => {
  source.close()
  history.replaceState(null, '', location.pathname)
  location.reload()
})
source.addEventListener('end', () => {
  source.close()
  problem = 'The workbook has closed this page. It will not change any further.'
  showStatus()
})
source.addEventListener('error', () => {
  lostAt ??= performance.now()
  if (performance.now() - lostAt > retryTimeout) source.close()
  problem =
    source.readyState === EventSource.CLOSED
      ? 'The workbook has stopped responding. This page will not change any further.'
      : 'Connection lost. Retrying …'
  showStatus()
})

// Scrolling to the newest row resumes following, scrolling away stops it.
document.addEventListener('scroll', () => {
  follows = isNewestInView()
  showStatus()
})
window.addEventListener('resize', () => {
  if (isFollowing()) follow()
})
// Unfolding something stops following, so you can read it. So does opening the
// meaning of a field.
main.addEventListener('click', (event) => {
  if (!event.target.closest('summary, .field')) return
  follows = false
  showStatus()
})
followButton.addEventListener('click', () => {
  follows = true
  follow()
  showStatus()
})

if (follows) follow()
showStatus()
