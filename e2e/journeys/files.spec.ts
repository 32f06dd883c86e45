// Files: dropped, pasted, chosen, looked at, saved, kept over a reload, and gone with their ticket.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { chip, document, drop, expectDrawn, expectReady, paste, picture } from "../support/files";
import { expect, test } from "../support/journey";
import { onTheDesk, openTicket, reply, thread } from "../support/tickets";

const THREAD = ".thread-log";

test("dropped files are seen, saved, read by the team, and go with the ticket", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "The scale shows nothing", "Pictures follow.");
  const report = document("Relevé d’été “2026”.pdf");
  await expect(ana.getByText("Up to 10 files, 25 MB each")).toBeVisible();
  await drop(ana, THREAD, picture("hive.png"), picture("scale.png", 300, 500, 200), report);
  await expectReady(ana, 3);
  await reply(ana, "Here they are.");
  await expect(chip(ana, "hive.png")).toHaveCount(0);

  const hive = thread(ana).getByRole("button", { name: "Open picture hive.png" });
  await expectDrawn(ana, `${THREAD} [title='hive.png'] img`);
  await hive.click();
  const viewer = ana.getByRole("dialog", { name: "Picture viewer" });
  await expect(viewer.getByText("1 of 2")).toBeVisible();
  await expectDrawn(ana, ".lightbox-picture");
  await ana.keyboard.press("ArrowRight");
  await expect(viewer.getByText("2 of 2")).toBeVisible();
  await expect(viewer.getByRole("img", { name: "scale.png" })).toBeVisible();
  await ana.keyboard.press("+");
  await expect(viewer.getByRole("img", { name: "scale.png" })).toHaveAttribute("data-zoomed", "true");
  await ana.keyboard.press("0");
  await ana.keyboard.press("ArrowLeft");
  await expect(viewer.getByText("1 of 2")).toBeVisible();
  await ana.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  await expect(hive).toBeFocused();

  expect(await saved(ana, report.name)).toEqual({ name: report.name, bytes: report.bytes });

  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await expectDrawn(camille, `${THREAD} [title='hive.png'] img`);
  expect((await saved(camille, report.name)).bytes).toEqual(report.bytes);

  const addresses = [
    await thread(ana).getByRole("link", { name: report.name }).getAttribute("href"),
    await ana.locator(`${THREAD} [title='hive.png'] img`).getAttribute("src"),
  ];
  for (const old of addresses) expect((await ana.request.get(old ?? "")).status(), "before").toBe(200);
  await ana.getByRole("button", { name: "Delete ticket" }).click();
  await ana.getByRole("button", { name: "Delete for good" }).click();
  await expect(ana.getByText("No tickets yet")).toBeVisible();
  for (const old of addresses) expect([403, 404], old ?? "").toContain((await ana.request.get(old ?? "")).status());
});

test("files that are not sent yet survive a reload, and can be taken back", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "A slow thought", "To begin with.");
  await drop(ana, THREAD, picture("draft.png"), document("draft.pdf"), document("mistake.pdf"));
  await expectReady(ana, 3);
  await ana.getByRole("button", { name: "Remove mistake.pdf" }).click();
  await expect(ana.getByRole("button", { name: "Attach files" })).toBeFocused();
  await ana.getByLabel("Your reply").fill("and now the files");
  await ana.reload();
  await expect(chip(ana, "draft.png")).toBeVisible();
  await expect(chip(ana, "draft.pdf")).toBeVisible();
  await expect(chip(ana, "mistake.pdf")).toHaveCount(0);
  await ana.getByRole("button", { name: "Send", exact: true }).click();
  await expect(thread(ana).getByRole("link", { name: "draft.pdf" })).toBeVisible();
  await expectDrawn(ana, `${THREAD} [title='draft.png'] img`);
  await ana.reload();
  await expect(thread(ana).getByRole("link", { name: "draft.pdf" })).toBeVisible();
  await expect(chip(ana, "draft")).toHaveCount(0);
});

test("a picture is pasted, and text still is text", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "From the clipboard", "Look.");
  await ana.getByLabel("Your reply").focus();
  await paste(ana, picture("image.png"));
  await expectReady(ana, 1);
  await reply(ana, "As pasted.");
  await expectDrawn(ana, `${THREAD} [title='image.png'] img`);
});

test("a ticket is opened with a chosen file", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await ana.getByRole("link", { name: "New ticket" }).first().click();
  const chooser = ana.waitForEvent("filechooser");
  await ana.getByRole("button", { name: "Attach files" }).click();
  await (await chooser).setFiles(gift(picture("first.png")));
  await expectReady(ana, 1);
  await drop(ana, "#message", document("second.pdf"));
  await expectReady(ana, 2);
  await ana.getByLabel("Title").fill("With files from the start");
  await ana.getByLabel("Message").fill("Two of them.");
  await ana.getByRole("button", { name: "Send ticket" }).click();
  await expect(ana.getByRole("heading", { name: "With files from the start" })).toBeVisible();
  await expectDrawn(ana, `${THREAD} [title='first.png'] img`);
  await expect(thread(ana).getByRole("link", { name: "second.pdf" })).toBeVisible();

  await ana.getByRole("link", { name: "New ticket" }).first().click();
  await expect(ana.getByLabel("Title")).toHaveValue("");
  await expect(chip(ana, "first.png")).toHaveCount(0);
});

test("a file that cannot go says why, and holds the message back", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "Too much", "Let me see.");
  await drop(
    ana,
    THREAD,
    { name: "film.bin", type: "video/mp4", bytes: Buffer.alloc(0), zeros: 27_000_000 },
    { name: "nothing.txt", type: "text/plain", bytes: Buffer.alloc(0) },
  );
  await expect(chip(ana, "film.bin")).toContainText("Larger than 25 MB");
  await expect(chip(ana, "nothing.txt")).toContainText("The file is empty");
  await ana.getByLabel("Your reply").fill("Without them, then.");
  await ana.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ana.getByRole("alert").filter({ hasText: "remove the file" })).toBeVisible();
  await expect(thread(ana).getByText("Without them, then.")).toHaveCount(0);
  await ana.getByRole("button", { name: "Remove film.bin" }).click();
  await ana.getByRole("button", { name: "Remove nothing.txt" }).click();
  await ana.getByRole("button", { name: "Send", exact: true }).click();
  await expect(thread(ana).getByText("Without them, then.")).toBeVisible();
});

test("a message waits for its files, and a lost upload is tried again", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "A bad line", "It comes and goes.");
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  let uploads = 0;
  await ana.route("**/api/v1/attachments", async (route) => {
    uploads += 1;
    if (uploads === 1) return route.abort();
    await released;
    return route.continue();
  });
  await drop(ana, THREAD, picture("line.png"));
  await expect(chip(ana, "line.png")).toContainText("The connection was lost");
  await ana.getByRole("button", { name: "Retry line.png" }).click();
  await ana.getByLabel("Your reply").fill("Sent when it is there.");
  await ana.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ana.getByText("Sending after 1 upload")).toBeVisible();
  await expect(thread(ana).getByText("Sent when it is there.")).toHaveCount(0);
  release();
  await expect(thread(ana).getByText("Sent when it is there.")).toBeVisible();
  await expectDrawn(ana, `${THREAD} [title='line.png'] img`);
});

test("an upload goes on while one looks at something else", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "Back in a moment", "Wait.");
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  await ana.route("**/api/v1/attachments", async (route) => {
    await released;
    return route.continue();
  });
  await drop(ana, THREAD, document("slow.pdf"));
  await expect(chip(ana, "slow.pdf").getByRole("progressbar")).toBeVisible();
  await ana.getByRole("link", { name: "New ticket" }).first().click();
  await expect(ana.getByRole("heading", { level: 1, name: "New ticket" })).toBeVisible();
  await expect(chip(ana, "slow.pdf")).toHaveCount(0);
  const kept = ana.waitForResponse((answer) => /\/attachments\/[0-9a-f-]{36}$/.test(answer.url()));
  release();
  await kept;
  await ana.goBack();
  await expectReady(ana, 1);
  await expect(chip(ana, "slow.pdf")).toBeVisible();
});

test("a token about to end is renewed before a file is sent", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "A long day", "It is late.");
  const asked: string[] = [];
  await ana.route("**/api/v1/auth/refresh", async (route) => {
    asked.push("renewed");
    const answer = await route.fetch();
    return route.fulfill({ response: answer, json: { ...(await answer.json()), expires_in: asked.length === 1 ? 10 : 900 } });
  });
  await ana.route("**/api/v1/attachments", (route) => {
    asked.push("sent");
    return route.continue();
  });
  await ana.reload();
  await expect(thread(ana).getByText("It is late.")).toBeVisible();
  await drop(ana, THREAD, document("first.pdf"));
  await expectReady(ana, 1);
  await drop(ana, THREAD, document("second.pdf", "Another page"));
  await expectReady(ana, 2);
  expect(asked).toEqual(["renewed", "renewed", "sent", "sent"]);
});

test("an address that has ended is made anew without a word", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "Old addresses", "Look.");
  await drop(ana, THREAD, picture("old.png"));
  await expectReady(ana, 1);
  await reply(ana, "It was here.");
  await expectDrawn(ana, `${THREAD} [title='old.png'] img`);
  let asked = 0;
  await ana.route("**/files/*/thumbnail*", (route) => {
    asked += 1;
    return asked === 1 ? route.fulfill({ status: 403 }) : route.continue();
  });
  await ana.reload();
  await expectDrawn(ana, `${THREAD} [title='old.png'] img`);
  expect(asked).toBe(2);
  await expect(thread(ana).getByText("The picture cannot be loaded.")).toHaveCount(0);
});

test("a picture that cannot be loaded says so, and comes at the next try", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, "A store that is away", "Look.");
  await drop(ana, THREAD, picture("away.png"));
  await expectReady(ana, 1);
  await reply(ana, "It was here.");
  await ana.route("**/files/**", (route) => route.fulfill({ status: 403 }));
  await ana.reload();
  await expect(thread(ana).getByText("The picture cannot be loaded.")).toBeVisible();
  await ana.unroute("**/files/**");
  await thread(ana).getByRole("button", { name: "Retry" }).click();
  await expectDrawn(ana, `${THREAD} [title='away.png'] img`);
});

test("the file of an internal note stays inside the team", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "An invoice twice", "I was charged twice.");
  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await camille.getByRole("button", { name: "Internal note" }).click();
  await drop(camille, THREAD, document("ledger.pdf"));
  await expectReady(camille, 1);
  await camille.getByLabel("Note for the team").fill("See the ledger.");
  await camille.getByRole("button", { name: "Add note" }).click();
  await expect(thread(camille).getByRole("link", { name: "ledger.pdf" })).toBeVisible();
  await camille.getByRole("button", { name: "Reply", exact: true }).click();
  await reply(camille, "We look into it.");

  await ana.reload();
  await expect(thread(ana).getByText("We look into it.")).toBeVisible();
  await expect(ana.getByText("ledger.pdf")).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`files are readable by everybody, ${colorScheme}`, async ({ person, windowOf }) => {
    const ana = await windowOf(person("customer", "Ana"), { colorScheme });
    await bringAxe(ana);
    await openTicket(ana, "Readable files", "Are they?");
    await drop(ana, THREAD, picture("seen.png"), document(`${"a long name ".repeat(14)}.pdf`), document("تقرير عن المناحل.pdf"));
    await expectReady(ana, 3);
    await reply(ana, "Three.");
    await expectDrawn(ana, `${THREAD} [title='seen.png'] img`);
    await drop(ana, THREAD, picture("next.png"), { name: "empty.txt", type: "text/plain", bytes: Buffer.alloc(0) });
    await expect(chip(ana, "next.png")).toContainText("kB");
    await ana.getByLabel("Your reply").fill("Not yet.");
    await ana.getByRole("button", { name: "Send", exact: true }).click();
    await expectAccessible(ana, "a thread with files, and files to send");
    const overhang = () => ana.evaluate(() => window.document.documentElement.scrollWidth - window.innerWidth);
    await ana.setViewportSize({ width: 390, height: 844 });
    expect(await overhang(), "pixels that stick out at the right").toBeLessThanOrEqual(0);
    await thread(ana).getByRole("button", { name: "Open picture seen.png" }).click();
    await expectDrawn(ana, ".lightbox-picture");
    await expectAccessible(ana, "the picture viewer");
  });
}

async function saved(page: Page, name: string) {
  const download = page.waitForEvent("download");
  await thread(page).getByRole("link", { name }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

function gift({ name, type, bytes }: ReturnType<typeof picture>) {
  return { name, mimeType: type, buffer: bytes };
}
