// Somebody else's website with the panel in it: another site than the desk's, with a server that signs its users in.
import { createHmac, randomUUID } from "node:crypto";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type FrameLocator, type Page, expect } from "@playwright/test";
import type { Person } from "./journey";

/** Reaches for everything, as style sheets in the wild do. */
const HOSTILE = `
  * { all: revert !important; color: rgb(1, 2, 3) !important; font: italic 31px/2 serif !important; letter-spacing: 3px !important }
  iframe { display: none !important; height: 10px !important; width: 50px !important; opacity: 0.1 !important;
    border: 9px solid red !important; transform: rotate(9deg) !important; position: static !important }
  body { margin: 0 !important }
  header { position: fixed !important; inset: 0 0 auto !important; height: 64px !important; background: white !important }
  main { display: block !important; margin-top: 64px !important }
`;

type Options = {
  /** Attributes of the script, besides its address and the offset. */
  script?: string;
  /** What stands before the script. */
  before?: string;
  /** What stands in place of the script and all around it. */
  body?: string;
};

export class Website {
  /** Who is signed in at the website. */
  user: { name: string; email: string } | undefined;
  /** So often it was asked for a token. */
  asked = 0;
  private pages = new Map<string, string>();

  private constructor(
    private readonly server: Server,
    private readonly desk: string,
    private secret: string,
  ) {}

  /** Starts one, has the desk name it, and makes the desk's secret. */
  static async start(desk: string, admin: Person): Promise<Website> {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const call = await as(desk, admin);
    const website = new Website(server, desk, (await call("POST", "/admin/panel/secret")).secret);
    await call("PATCH", "/admin/settings", { panel: { origins: [website.at("host.localhost")] } });
    server.on("request", (request, response) => {
      const path = (request.url ?? "").split("?")[0];
      if (path === "/token") {
        website.asked += 1;
        response.setHeader("Cache-Control", "no-store");
        return void response.end(website.token());
      }
      const page = website.pages.get(path);
      response.statusCode = page ? 200 : 404;
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(page);
    });
    return website;
  }

  stop(): void {
    this.server.close();
  }

  /** The website, or the same under another name. */
  at(host: string): string {
    return `http://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  /** Puts a page with the panel at a path; answers its address. */
  show(path: string, { script = "", before = "", body }: Options = {}): string {
    const panel = `${before}<script src="${this.desk}/panel.js" data-offset="64" ${script}></script>`;
    this.pages.set(
      path,
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
       <meta name="viewport" content="width=device-width"><style>${HOSTILE}</style>
       <header><h1>Shop</h1></header><main>${body ?? panel}</main><footer><p>Imprint</p></footer>`,
    );
    return this.at("host.localhost") + path;
  }

  /** Signs a token for whoever is signed in. */
  private token(): string {
    if (!this.user) return "";
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const iat = Math.floor(Date.now() / 1000);
    const claims = { aud: this.desk, ...this.user, iat, exp: iat + 60, jti: randomUUID() };
    const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
    return `${text}.${createHmac("sha256", this.secret).update(text).digest("base64url")}`;
  }
}

type Call = (method: string, path: string, body?: object) => Promise<any>;

/** Calls the API in somebody's name. */
export async function as(desk: string, { email, password }: Person): Promise<Call> {
  let token = "";
  const call: Call = async (method, path, body) => {
    const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${desk}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
    return answer.json();
  };
  token = (await call("POST", "/auth/login", { email, password })).access_token;
  return call;
}

export function panel(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Support"]');
}

/** Opens a ticket through the form inside. */
export async function openInside(page: Page, title: string): Promise<void> {
  const inside = panel(page);
  await inside.getByRole("link", { name: "New ticket" }).first().click();
  await inside.getByLabel("Title").fill(title);
  await inside.getByLabel("Message").fill("Please help.");
  await inside.getByRole("button", { name: "Send ticket" }).click();
  await expect(inside.getByRole("heading", { level: 1, name: title })).toBeVisible();
}
