// How long somebody who comes back waits for the first list: cold cache, a processor four times slower.
// Called by `cargo xtask bench` as: node speed/first-list.mjs ADDRESS EMAIL PASSWORD
import { chromium } from "@playwright/test";

const [address, email, password] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.WAGGLE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

const times = [];
let state;
for (let round = 0; round < 6; round += 1) {
  // Each round is a new browser profile but for the cookie, and each leaves the next one its own.
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  if (!state) {
    await page.goto(`${address}/sign-in`);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("listitem").first().waitFor();
  } else {
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.addInitScript(() => {
      const look = () => {
        if (!document.querySelector("main li a")) return requestAnimationFrame(look);
        // The frame after the one in which it was found has it on screen.
        requestAnimationFrame(() => { window.firstList = performance.now(); });
      };
      look();
    });
    await page.goto(`${address}/`);
    await page.waitForFunction(() => window.firstList);
    times.push(await page.evaluate(() => window.firstList));
  }
  state = await context.storageState();
  await context.close();
}
await browser.close();
times.sort((left, right) => left - right);
console.log(Math.round(times[Math.floor(times.length / 2)]));
