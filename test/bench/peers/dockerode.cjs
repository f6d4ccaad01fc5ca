/** `docker exec` with dockerode, and its own demultiplexer. */
const Docker = require('dockerode')
const { readArguments } = require('./hijack.cjs')

async function main() {
  const { container, tty, input, command } = readArguments()
  const docker = new Docker()
  const exec = await docker.getContainer(container).exec({
    ...{ AttachStdin: input, AttachStdout: true, AttachStderr: true },
    ...{ Tty: tty, Cmd: command },
  })
  const stream = await exec.start({ hijack: true, stdin: input, Tty: tty })
  const ended = new Promise((resolve, reject) => {
    stream.once('end', resolve).once('error', reject)
  })
  if (tty) stream.pipe(process.stdout)
  else docker.modem.demuxStream(stream, process.stdout, process.stderr)
  if (input) process.stdin.pipe(stream)
  else stream.end()
  await ended
  process.exitCode = (await exec.inspect()).ExitCode
}

void main()
