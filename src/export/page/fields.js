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
