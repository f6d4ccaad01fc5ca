// Opens the meaning of a field while the pointer or the keyboard is on it. A
// click, Enter and Esc need no script: the meanings are popovers.

/** The field whose meaning this script opened. */
let opened

const fieldOf = (event) => (event.target instanceof Element ? event.target.closest('.field') : null)

const meaningOf = (field) => field.querySelector(':scope > [popover]')

function open(field) {
  const meaning = meaningOf(field)
  if (meaning.matches(':popover-open')) return
  meaning.showPopover()
  opened = field
}

function close() {
  if (opened && meaningOf(opened).matches(':popover-open')) meaningOf(opened).hidePopover()
  opened = undefined
}

// A meaning that a click opened stays until Esc or a click elsewhere.
document.addEventListener('pointerover', (event) => {
  if (event.pointerType !== 'mouse') return
  const field = fieldOf(event)
  if (field === opened) return
  close()
  if (field && !document.querySelector('.meaning:popover-open')) open(field)
})

document.addEventListener('focusin', (event) => {
  const field = fieldOf(event)
  if (field === opened) return
  close()
  if (field && event.target.matches('button:focus-visible')) open(field)
})

document.addEventListener('focusout', (event) => {
  if (opened && !opened.contains(event.relatedTarget)) close()
})

// A click on a field that is open already keeps it open.
document.addEventListener('click', (event) => {
  const field = fieldOf(event)
  if (field && field === opened && event.target.closest('button')) {
    event.preventDefault()
    opened = undefined
  }
})

// One stop for the Tab key in each block of bytes. The arrow keys move inside.
for (const block of document.querySelectorAll('.fields')) {
  for (const button of [...block.querySelectorAll('.field > button')].slice(1)) {
    button.tabIndex = -1
  }
}

document.addEventListener('keydown', (event) => {
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  const block = event.target instanceof Element ? event.target.closest('.fields') : null
  if (!direction || !block || event.altKey || event.ctrlKey || event.metaKey) return
  const buttons = [...block.querySelectorAll('.field > button')]
  const next = buttons[buttons.indexOf(event.target.closest('button')) + direction]
  if (!next) return
  event.preventDefault()
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1
  next.focus()
})
