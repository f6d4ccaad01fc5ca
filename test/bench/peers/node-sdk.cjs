/** `docker exec` with docker/node-sdk. It has no standard input. */
const { DockerClient } = require('@docker/node-sdk')
const { readArguments } = require('./hijack.cjs')

async function main() {
  const { container, tty, command } = readArguments()
  const docker = await DockerClient.fromDockerHost(process.env.DOCKER_HOST)
  const { Id } = await docker.containerExec(container, {
    ...{ AttachStdout: true, AttachStderr: true, Tty: tty, Cmd: command },
  })
  await docker.execStart(Id, process.stdout, process.stderr, { Detach: false, Tty: tty })
  process.exitCode = (await docker.execInspect(Id)).ExitCode
  await docker.close()
}

void main()
