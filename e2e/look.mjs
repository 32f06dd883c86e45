import { chromium } from "playwright-core";
const base = "http://localhost:8391";
const [,, pass, out] = process.argv;
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ") });
async function go(name, opts, width, height) {
  const c = await b.newContext({ viewport: { width, height }, ...opts });
  const p = await c.newPage();
  p.on("console", m => { if (m.type() === "error") console.log(name, m.text()); });
  p.on("pageerror", e => console.log(name, e.message));
  await p.goto(base + "/sign-in?next=%2Fadmin%2Fsettings%2Fwebhooks");
  await p.locator("input[type=email]").fill("camille@beepass.example");
  await p.locator("input[type=password]").fill(pass);
  await p.locator("form button[type=submit]").click();
  await p.waitForSelector(".settings-list a.button");
  if (name === "en") { await p.locator("header select").first().selectOption("en"); await p.waitForTimeout(300); }
  return { c, p };
}
const shot = (p, n) => p.screenshot({ path: `${out}/${n}.png`, fullPage: true });
{
  const { c, p } = await go("en", { locale: "en-GB", colorScheme: "light" }, 1440, 900);
  await shot(p, "1-empty");
  await p.locator(".settings-list a.button").click();
  await p.waitForSelector("form.settings-form");
  await shot(p, "2-new"); await p.locator("input[type=url]").fill("https://127.0.0.1/hook");
  await p.getByRole("button", { name: "Save" }).click();
  await p.waitForSelector("[aria-invalid=true]");
  await shot(p, "2-refused");
  await p.locator("input[type=url]").fill("https://[3ffe::1]/a-long-address/of-a-program/that-has-many-parts/and-goes-on-and-on?token=0123456789012345678901234567890123456789");
  await p.getByLabel("What it is for").fill("Tells the shop about new tickets");
  await p.getByLabel("Tell it everything").uncheck();
  await shot(p, "3-events");
  await p.getByLabel(/ticket\.created/).check();
  await p.getByLabel(/ticket\.resolution_proposed/).check();
  await p.getByRole("button", { name: "Save" }).click();
  await p.waitForSelector(".code-copy");
  await p.getByRole("button", { name: "Send a test" }).click();
  await p.waitForSelector(".webhook-log");
  await p.waitForTimeout(2500);
  await p.locator(".webhook-log summary").first().click();
  await shot(p, "4-made");
  await p.getByRole("button", { name: "New secret" }).click();
  await p.getByRole("button", { name: "Make a new one" }).click();
  await p.waitForTimeout(500);
  await shot(p, "5-renewed");
  await p.goto(base + "/admin/settings/webhooks");
  await p.waitForSelector(".things");
  await shot(p, "6-list");
  await p.goto(base + "/admin/settings/history");
  await p.waitForSelector(".changes");
  await shot(p, "7-history");
  await c.close();
}
{
  const { c, p } = await go("fr", { locale: "fr-FR", colorScheme: "dark", isMobile: true, hasTouch: true }, 390, 844);
  await shot(p, "8-list-fr");
  await p.locator(".things a.button").click();
  await p.waitForSelector(".webhook-log");
  await p.locator(".webhook-log summary").first().click();
  await shot(p, "9-one-fr");
  await p.getByRole("button", { name: "Désactiver" }).click();
  await p.waitForTimeout(500);
  await shot(p, "10-off-fr");
  await p.getByRole("button", { name: "Supprimer", exact: true }).click();
  await p.waitForTimeout(300);
  await p.screenshot({ path: `${out}/11-remove-fr.png` });
  await c.close();
}
await b.close();
