/** What is said at the desk of verdicts on their way, and of keys that do nothing. */
export const enDesk = {
  outbox: {
    waits: 'waits to be sent',
    waitsBecause: (why: string) => `kept, and sent by itself: ${why}`,
    overtaken: (name: string, state: string) => `${name} was faster: ${state}`,
    withdrawn: 'Taken back before it was sent',
    expired: 'Too old to be sent: judge it again',
    refused: (why: string) => `Refused: ${why}`,
    undoing: 'being taken back ...',
    merged: 'Merged',
    unmerged: 'Taken apart',
    waitFor: (n: number, name: string) =>
      n === 1
        ? `1 verdict of ${name} has not been sent. It is kept in this browser and sent once ${name} signs in here.`
        : `${n} verdicts of ${name} have not been sent. They are kept in this browser and sent once ${name} signs in here.`,
    discard: 'Throw away',
    discardSure: (n: number, name: string) =>
      n === 1
        ? `Throw away 1 verdict of ${name}? Its alert waits in the queue as before.`
        : `Throw away ${n} verdicts of ${name}? Their alerts wait in the queue as before.`,
    memoryOnly:
      'This browser keeps nothing for this page (private window, settings or a full disk): verdicts that have not been sent are lost when it is closed.',
    title: 'Verdicts of this browser',
    none: 'None yet',
    noneHint: 'What is judged here is listed with what became of it.',
  },
  with: (name: string) => `with ${name}`,
  allWithOthers: (n: number) =>
    n === 1 ? '1 alert waits; another desk has it' : `${n} alerts wait; other desks have them`,
  notOpened: (why: string) => `The alert of the link cannot be opened. ${why}`,
  takeFromList: 'Choose an alert from the list to look at it.',
  sketch: {
    name: (n: number, metres: number) =>
      `Sketch of the place: ${n === 1 ? '1 other alert' : `${n} other alerts`} within ${metres} m`,
    north: 'N',
    metres: (n: number) => `${n} m`,
  },
  earlierView: (age: string, state: string) => `The same view ${age} ago: ${state}`,
  remap: {
    press: 'press a key',
    change: 'Change',
    changeOf: (what: string) => `Change the key: ${what}`,
    reset: 'As they were',
    taken: (what: string) => `That key is for: ${what}. Give that another one first.`,
    reserved: 'Digits choose from lists, and Esc closes them.',
    unusable: 'That key cannot be used.',
  },
  interruption: {
    breach: 'A deadline was missed.',
    high_risk: 'A new alert of high risk waits.',
    camera_lost: 'A camera is lost.',
    soundOn: 'Sound on',
    soundOff: 'Sound off',
    soundHint: 'Sounds for high risk, missed deadlines and lost cameras only',
    count: (n: number) => (n === 1 ? '1 interruption this hour' : `${n} interruptions this hour`),
    countHint: 'High risk, missed deadlines and lost cameras of the last 60 minutes',
    flood: 'More comes than can be heard: one sound a minute stands for all.',
  },
  batch: {
    title: (n: number) =>
      n === 1
        ? 'Reject the 1 alert that the list shows: why?'
        : `Reject the ${n} alerts that the list shows: why?`,
    leaveOut: 'Leave it out',
    subject: (n: number) => (n === 1 ? '1 alert' : `${n} alerts`),
    rejected: (n: number) => `${n} rejected`,
    left: (n: number) => (n === 1 ? '1 had changed and stays' : `${n} had changed and stay`),
  },
  finding: {
    only: 'Only:',
    inAll: (n: number) => (n === 1 ? '1 waits in all' : `${n} wait in all`),
    found: 'Found',
    text: 'Words, address, camera',
    number: 'Number of ticket or report',
    numberHint: 'Letters, digits and hyphens: how the number begins or ends',
    from: 'Raised from',
    state: 'State',
    waits: 'Waits for a verdict',
    states: {
      any: 'Any state',
      confirmed: 'Confirmed',
      rejected: 'Rejected',
      shelved: 'Shelved',
      merged: 'Merged',
    },
    words: {
      text: (words: string) => `“${words}”`,
      number: (number: string) => `number ${number}`,
      from: (day: string) => `from ${day}`,
      to: (day: string) => `to ${day}`,
    },
    noneWaits: 'Nothing like that waits',
    nothing: 'Nothing is like that',
    nothingHint: 'Take something away, or show all.',
  },
  whyNot: {
    nothingOnScreen: () => 'The list shows nothing that you could reject.',
    noFilter: () => 'Everything that waits is shown already.',
    listEnds: () => 'The list has no further alert that nobody else has.',
    noNeighbour: () => 'Nothing near it could be the same.',
    nothingEarlier: () => 'No earlier picture of this place.',
    nothingAtHand: () => 'No alert is at hand.',
    notSeenYet: () => 'Nothing was judged: this alert has only just appeared. Look, then press again.',
    readOnly: () => 'Your role may look, not judge.',
    heldBy: (name: string) => `Nothing was judged: ${name} has this alert.`,
    judgedElsewhere: () => 'This alert has been judged already. Enter goes on.',
    menuOpen: () => 'Nothing was dispatched: choose by a number, or close with Esc.',
    noMenu: () => 'Numbers choose once a list is open.',
    noCamera: () => 'A person reported this: there is no camera to look through.',
    nothingToUndo: () => 'There is no verdict to take back.',
    dispatchedAlready: (number: string) => `${number} has gone out: cancel it on its own page.`,
    outboxFull: () => 'Too many verdicts wait to be sent: nothing more is taken until the gateway is back.',
    unbound: (key: string) => `${key} does nothing here.`,
  },
};
