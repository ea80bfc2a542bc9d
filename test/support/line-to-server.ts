import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP connection to a server that can be cut, as a network would: it swallows everything, or refuses connections. */
export class LineToServer {
  private readonly sockets = new Set<Socket>();
  private silent = false;

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly target: number,
  ) {}

  /** @param target the port of the server, on this machine */
  static async to(target: number): Promise<LineToServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new LineToServer(server, (server.address() as AddressInfo).port, target);
    server.on('connection', (socket) => line.connect(socket));
    return line;
  }

  /** The URL of a server, led through this line. */
  through(url: string): string {
    const led = new URL(url);
    led.port = String(this.port);
    return led.href;
  }

  /** From now on nothing comes through, and nobody is told. */
  swallow(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** Ends every connection, and takes no more. */
  async refuse(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Takes connections again. Those that were swallowed are gone. */
  async mend(): Promise<void> {
    this.silent = false;
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) return;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private connect(near: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (part) => to.write(part));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.silent) from.pause();
    }
  }
}
