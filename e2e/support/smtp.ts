// A mail server that takes mails, or refuses an address for good, as it is told.
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { createInterface } from "node:readline";

export class MailServer {
  /** What it says to the next address; it takes it when there is nothing to say. */
  refusal = "";
  /** Every mail that came up to its final dot. */
  readonly received: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MailServer> {
    const server = createServer();
    const mailServer = new MailServer(server);
    server.on("connection", (socket) => mailServer.converse(socket));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return mailServer;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }

  private converse(socket: Socket): void {
    const say = (words: string) => socket.write(`${words}\r\n`);
    const lines = createInterface({ input: socket });
    // The desk hangs up as it likes.
    socket.on("error", () => socket.destroy());
    lines.on("error", () => socket.destroy());
    let mail: string[] | undefined;
    say("220 mail.example ESMTP");
    lines.on("line", (line) => {
      if (mail) {
        if (line !== ".") return void mail.push(line);
        this.received.push(mail.join("\n"));
        mail = undefined;
        return void say("250 taken");
      }
      switch (line.slice(0, 4).toUpperCase()) {
        case "RCPT":
          return void say(this.refusal || "250 known here");
        case "DATA":
          mail = [];
          return void say("354 go on");
        case "QUIT":
          say("221 bye");
          return void socket.end();
        default:
          return void say("250 ok");
      }
    });
  }
}
