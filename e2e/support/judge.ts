// A captcha of somebody else: the script that a provider serves, and the judge that the desk asks.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";

export class Judge {
  readonly asked: URLSearchParams[] = [];
  /** What it says of every answer. */
  judgement: object = {};

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Judge> {
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        judge.asked.push(new URLSearchParams(body));
        response.setHeader("Content-Type", "application/json").end(JSON.stringify(judge.judgement));
      });
    });
    const judge = new Judge(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return judge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/siteverify`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }
}

/** Where each provider's script is loaded from. */
export const SCRIPTS: Record<string, string> = {
  recaptcha_v2: "https://www.google.com/recaptcha/api.js",
  recaptcha_v3: "https://www.google.com/recaptcha/api.js",
  hcaptcha: "https://js.hcaptcha.com/1/api.js",
  turnstile: "https://challenges.cloudflare.com/turnstile/v0/api.js",
};

/** The same widget under the three names: a box that is ticked, and a token that no window of any journey had before. */
const SCRIPT = `(() => {
  const fresh = () => crypto.randomUUID();
  let token = "", box, words;
  const clear = () => { token = ""; box.checked = false; };
  const api = {
    render(place, asked) {
      words = asked;
      const label = document.createElement("label");
      box = document.createElement("input");
      box.type = "checkbox";
      box.onchange = () => (token = box.checked ? "token-" + fresh() : "");
      label.append(box, "I am a person, " + asked.theme + ", " + (asked.hl || asked.language));
      place.append(label);
      return 3;
    },
    getResponse: () => token,
    reset: clear,
    remove() {},
    execute: async (key, asked) => "token-" + key + "-" + asked.action + "-" + fresh(),
    expire() { words["expired-callback"](); },
  };
  window.grecaptcha = window.hcaptcha = window.turnstile = api;
  window[new URL(document.currentScript.src).searchParams.get("onload")]();
})();`;

/** Stands in for the provider in one window; answers the addresses that were asked for. */
export async function provide(page: Page, provider: string): Promise<string[]> {
  const asked: string[] = [];
  await page.route(`${SCRIPTS[provider]}**`, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "text/javascript", body: SCRIPT });
  });
  return asked;
}
