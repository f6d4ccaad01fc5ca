// Makes the site nicer: the search, and closing the contents. Every page works
// without it.

const bar = document.querySelector('.bar')
const search = bar.querySelector('.search')
const input = search.querySelector('input')
const results = search.querySelector('#search-results')
const contents = bar.querySelector('.contents')

/** Loads the index once, when somebody begins to search. */
let loading
function loadIndex() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = search.dataset.index
    script.addEventListener('load', () => resolve(openSearch(window.searchIndex)))
    script.addEventListener('error', () => reject(new Error('the search index did not load')))
    document.head.append(script)
  })
  return loading
}

function openSearch({ options, index }) {
  return window.MiniSearch.loadJSON(index, options)
}

async function showResults() {
  const words = input.value.trim()
  if (words === '') {
    results.hidden = true
    return
  }
  const index = await loadIndex()
  if (input.value.trim() !== words) return
  const found = index
    .search(words, { prefix: true, fuzzy: 0.15, combineWith: 'AND', boost: { title: 3, page: 2 } })
    .slice(0, 20)
  results.replaceChildren(
    found.length === 0 ? element('p', `Nothing found for “${words}”.`) : listOf(found),
  )
  results.hidden = false
}

function listOf(found) {
  const list = document.createElement('ul')
  for (const { path, title, page, shown } of found) {
    const link = document.createElement('a')
    link.href = search.dataset.root + path
    link.append(element('b', title), element('span', title === page ? shown : `${page}: ${shown}`))
    const item = document.createElement('li')
    item.append(link)
    list.append(item)
  }
  return list
}

function element(name, text) {
  const created = document.createElement(name)
  created.textContent = text
  return created
}

/** Moves between the input and the results with the arrow keys. */
function moveTo(direction) {
  const stops = [input, ...results.querySelectorAll('a')]
  const next = stops[stops.indexOf(document.activeElement) + direction]
  next?.focus()
}

input.addEventListener('input', showResults)
input.addEventListener('focus', () => loadIndex().catch(() => undefined))

document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !event.target.closest('input, select, textarea')) {
    event.preventDefault()
    input.focus()
    return
  }
  if (event.key === 'Escape') {
    results.hidden = true
    contents.open = false
  }
  if (!search.contains(event.target) || results.hidden) return
  const direction = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!direction) return
  event.preventDefault()
  moveTo(direction)
})

document.addEventListener('click', (event) => {
  if (!search.contains(event.target)) results.hidden = true
  if (!contents.contains(event.target)) contents.open = false
})

search.hidden = false
