// How long a signed-in person waits for the first list: cold cache, a processor four times slower.
// Prints the median of several visits in milliseconds.
//
//   node measure/first-list.mjs URL EMAIL PASSWORD
import { chromium } from "@playwright/test";

const VISITS = 7;
const SLOWER = 4;
const [url, email, password] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.WAGGLE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

/** One visit in a browser that has never seen the desk, but holds a session's cookie. */
async function visit() {
  const context = await browser.newContext();
  const signedIn = await context.request.post(`${url}/api/v1/auth/login`, { data: { email, password } });
  if (!signedIn.ok()) throw new Error(`signing in: ${signedIn.status()}`);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector("[data-ticket]")) {
        observer.disconnect();
        // After the frame that shows it.
        requestAnimationFrame(() => setTimeout(() => (window.firstList = performance.now())));
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${url}/`);
  const shown = await page.waitForFunction(() => window.firstList, undefined, { timeout: 30_000 });
  const milliseconds = await shown.jsonValue();
  await context.close();
  return milliseconds;
}

const times = [];
for (let count = 0; count < VISITS; count += 1) times.push(await visit());
times.sort((a, b) => a - b);
await browser.close();
console.log(Math.round(times[Math.floor(VISITS / 2)]));
