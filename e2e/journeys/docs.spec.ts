// An integrator tries the API out in the browser: a key or a token is pasted, and a call is made with it.
import { expect, test } from "../support/journey";
import { apiOf } from "../support/team-api";

for (const scheme of ["api_key", "bearer"] as const) {
  test(`the documentation makes a call with what is pasted as ${scheme}`, async ({ person, freshWindow, request }) => {
    // The page draws the whole document before anybody can click.
    test.slow();
    const carl = person("customer", "Carl");
    const api = await apiOf(request, carl);
    await api("POST", "/tickets", { title: "Seen in the documentation", message: "Help" });
    const { email, password } = carl;
    const key = { name: "Try", kind: "personal", scopes: ["tickets:read"] };
    const token =
      scheme === "api_key"
        ? (await api<{ token: string }>("POST", "/api-keys", key)).token
        : (await (await request.post("/api/v1/auth/login", { data: { email, password } })).json()).access_token;

    const page = await freshWindow();
    await page.goto("/docs/");
    await page.getByRole("button", { name: "Authorize" }).first().click();
    const way = page.locator(".auth-container").filter({ hasText: `${scheme} (http` });
    await way.getByRole("textbox").fill(token);
    await way.getByRole("button", { name: "Apply credentials" }).click();
    await way.getByRole("button", { name: "Close" }).click();

    const list = page.locator("#operations-tickets-list_tickets");
    await list.locator(".opblock-summary-control").click();
    await list.getByRole("button", { name: "Try it out" }).click();
    await list.getByRole("button", { name: "Execute" }).click();
    const answer = list.locator(".live-responses-table");
    await expect(answer.locator(".response-col_status").last()).toHaveText(/200/);
    await expect(answer).toContainText("Seen in the documentation");
  });
}
