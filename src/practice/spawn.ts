// Placeholder until the practice daemon is there; whoever builds it writes over this file.
export async function startPracticeDaemon(_: {
  readonly faults?: readonly string[]
}): Promise<{ host: string; container: 'practice'; close: () => Promise<void> }> {
  throw new Error('there is no practice daemon yet')
}
