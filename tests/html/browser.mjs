// SPDX-License-Identifier: Apache-2.0
// Headless Chromium over the DevTools protocol's pipe (--remote-debugging-pipe: JSON texts, each ended by a zero byte, on descriptors
// 3 and 4). It needs Debian's chromium and nodejs and nothing else: no registry, no lock file, no version to pin.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const command_seconds = 180;

class Pipe {
  #next = 1;
  #waiting = new Map();
  #listeners = [];
  #rest = "";

  constructor(process) {
    this.output = process.stdio[3];
    process.stdio[4].setEncoding("utf8").on("data", (text) => this.#read(text));
    process.on("exit", () => { for (const { reject } of this.#waiting.values()) reject(new Error("the browser has ended")); });
  }

  send(method, params = {}, session = undefined) {
    const id = this.#next++;
    this.output.write(JSON.stringify({ id, method, params, sessionId: session }) + "\0");
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), command_seconds * 1000);
      this.#waiting.set(id, { resolve: (value) => { clearTimeout(timer); resolve(value); }, reject: (error) => { clearTimeout(timer); reject(error); } });
    });
  }
  on(listener) { this.#listeners.push(listener); }

  #read(text) {
    const parts = (this.#rest + text).split("\0");
    this.#rest = parts.pop();
    for (const part of parts) {
      const message = JSON.parse(part);
      const waiting = this.#waiting.get(message.id);
      if (waiting === undefined) for (const listener of this.#listeners) listener(message);
      else {
        this.#waiting.delete(message.id);
        if (message.error) waiting.reject(new Error(message.error.message));
        else waiting.resolve(message.result);
      }
    }
  }
}

export class Browser {
  /** Everything that a page must not do: console errors, exceptions, requests to anything but itself. */
  complaints = [];
  #requests = [];

  static async open(chromium = "chromium") {
    const browser = new Browser();
    browser.profile = mkdtempSync(join(tmpdir(), "symbolon-browser-"));
    browser.process = spawn(chromium, ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking",
      "--force-device-scale-factor=1", "--hide-scrollbars", "--remote-debugging-pipe", `--user-data-dir=${browser.profile}`, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.pipe = new Pipe(browser.process);
    const { targetId } = await browser.pipe.send("Target.createTarget", { url: "about:blank" });
    browser.session = (await browser.pipe.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    browser.pipe.on((message) => browser.#event(message));
    for (const domain of ["Page", "Runtime", "Network", "Log", "DOM"]) await browser.send(`${domain}.enable`);
    await browser.size(1600, 1000);
    return browser;
  }

  send(method, params) { return this.pipe.send(method, params, this.session); }

  #event({ method, params }) {
    if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled" && (params.type === "error" || params.type === "warning")) this.complaints.push(`console: ${params.args.map((arg) => arg.value ?? arg.description).join(" ")}`);
    if (method === "Log.entryAdded" && params.entry.level === "error") this.complaints.push(`log: ${params.entry.text}`);
    if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("file:") && !params.request.url.startsWith("data:")) this.complaints.push(`request: ${params.request.url}`);
    if (method === "Network.requestWillBeSent") this.#requests.push(params.request.url);
  }
  get requests() { return this.#requests; }

  size(width, height) { return this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false }); }
  media(features, type = "screen") { return this.send("Emulation.setEmulatedMedia", { media: type, features: Object.entries(features).map(([name, value]) => ({ name, value })) }); }

  async goto(file, hash = "") {
    const url = pathToFileURL(file).href + hash;
    await this.send("Page.navigate", { url: "about:blank" });
    await this.send("Page.navigate", { url });
    await this.until("document.readyState === 'complete' && document.querySelector('main') !== null");
    await this.settle();
  }
  async hash(hash) {
    await this.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await this.settle();
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }
  async until(expression, seconds = 120) {
    for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
      if (await this.evaluate(expression)) return;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    throw new Error(`never came: ${expression}`);
  }
  /** Pages come out of compressed data, and graphs are placed in the next frame: it waits for the page, however slow the machine is. */
  async settle() {
    const frames = "new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))), 0))";
    await this.evaluate(frames);
    await this.until("(document.getElementById('content')?.dataset.shows ?? location.hash) === location.hash");
    await this.evaluate(frames);
  }

  text(selector) { return this.evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`); }
  count(selector) { return this.evaluate(`document.querySelectorAll(${JSON.stringify(selector)}).length`); }

  async click(selector) {
    const at = await this.evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); if (!e) return null; e.scrollIntoView({block: 'nearest'});
      const r = e.getBoundingClientRect(); return {x: r.left + Math.min(r.width / 2, r.width - 1), y: r.top + Math.min(r.height / 2, 14)}; })()`);
    if (at === null) throw new Error(`nothing to click: ${selector}`);
    for (const type of ["mouseMoved", "mousePressed", "mouseReleased"]) await this.send("Input.dispatchMouseEvent", { type, x: at.x, y: at.y, button: type === "mouseMoved" ? "none" : "left", clickCount: 1 });
    await this.settle();
  }
  /** Presses at a place in the element, moves there, lets go. Places are parts of its width and height. */
  async drag(selector, from, to) {
    const box = await this.evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(); return {x: r.left, y: r.top, width: r.width, height: r.height}; })()`);
    const at = ([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height });
    await this.send("Input.dispatchMouseEvent", { type: "mousePressed", ...at(from), button: "left", buttons: 1, clickCount: 1 });
    await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...at(to), button: "left", buttons: 1 });
    await this.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...at(to), button: "left", clickCount: 1 });
    await this.settle();
  }
  async key(key) {
    const text = key.length === 1 ? key : undefined;
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key });
    await this.settle();
  }
  async type(text) {
    await this.send("Input.insertText", { text });
    await this.settle();
  }

  async screenshot(file) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    writeFileSync(file, Buffer.from(data, "base64"));
  }
  async pdf(file) {
    const { data } = await this.send("Page.printToPDF", { printBackground: true, landscape: true });
    writeFileSync(file, Buffer.from(data, "base64"));
  }

  async close() {
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    await this.pipe.send("Browser.close").catch(() => {});
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 3000))]);
    if (this.process.exitCode === null) this.process.kill("SIGKILL");
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
