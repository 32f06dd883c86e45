// A server with an empty data directory for all journeys: started before the first, stopped after the last.
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export default async function start(): Promise<() => Promise<void>> {
  const program = resolve(process.env.WAGGLE_PROGRAM ?? "../target/debug/waggle");
  const dataDir = mkdtempSync(join(tmpdir(), "waggle-journeys-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;

  const env: NodeJS.ProcessEnv = {
    ...process.env,
    WAGGLE_DATA_DIR: dataDir,
    WAGGLE_LISTEN: `127.0.0.1:${port}`,
    WAGGLE_PUBLIC_URL: url,
  };
  // Somebody else's database or mail server is no place for tests.
  delete env.DATABASE_URL;
  delete env.WAGGLE_SMTP_URL;
  const log = join(dataDir, "server.log");
  const output = openSync(log, "a");
  const server = spawn(program, ["serve"], { env, stdio: ["ignore", output, output], detached: true });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));

  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
    if (process.env.WAGGLE_KEEP_LOG) console.log(readFileSync(log, "utf8"));
    rmSync(dataDir, { recursive: true, force: true });
  };

  const givenUp = Date.now() + 60_000;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > givenUp) {
      const words = readFileSync(log, "utf8");
      await stop();
      throw new Error(`the server did not start:\n${words}`);
    }
    await new Promise((wait) => setTimeout(wait, 50));
  }
  // The workers that run the journeys inherit these.
  Object.assign(process.env, { WAGGLE_URL: url, WAGGLE_PROGRAM: program, WAGGLE_DATA_DIR: dataDir });
  return stop;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/v1/health`)).status === 204;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no port"))));
    });
  });
}
