// Servers with empty data directories: one for all journeys, started before the first and stopped after the last, and
// others for journeys that need a desk with settings of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export type Desk = { url: string; dataDir: string; stop: () => Promise<void> };

export default async function start(): Promise<() => Promise<void>> {
  const { url, dataDir, stop } = await startDesk({});
  // The workers that run the journeys inherit these.
  Object.assign(process.env, { WAGGLE_URL: url, WAGGLE_DATA_DIR: dataDir });
  return stop;
}

/** What the people of the journeys are made with, too. */
export function program(): string {
  return resolve(process.env.WAGGLE_PROGRAM ?? "../target/debug/waggle");
}

export async function startDesk(settings: NodeJS.ProcessEnv): Promise<Desk> {
  const dataDir = mkdtempSync(join(tmpdir(), "waggle-journeys-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;

  // Somebody else's database or mail server is no place for tests.
  const { DATABASE_URL: _, WAGGLE_SMTP_URL: __, ...rest } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...rest,
    ...settings,
    WAGGLE_DATA_DIR: dataDir,
    WAGGLE_LISTEN: `127.0.0.1:${port}`,
    WAGGLE_PUBLIC_URL: url,
  };
  const log = join(dataDir, "server.log");
  const output = openSync(log, "a");
  const server = spawn(program(), ["serve"], { env, stdio: ["ignore", output, output], detached: true });
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
  return { url, dataDir, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/v1/health`)).status === 204;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no port"))));
    });
  });
}
