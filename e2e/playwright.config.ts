// How the journeys run: in Debian's Chromium, on a server and a Postgres of their own.
import { defineConfig, devices } from "@playwright/test";

export default defineConfig({
  testDir: "journeys",
  outputDir: "results",
  globalSetup: "./support/desk.ts",
  // Each journey makes its own people, so they can run side by side.
  fullyParallel: true,
  workers: 2,
  // A journey that passes at the second try is a fault to find, not a success.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // It ends what hangs; how soon something is there is for each expectation to say.
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    locale: "en-GB",
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: true },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.WAGGLE_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
