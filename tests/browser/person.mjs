/* A person at a browser: goes to pages, clicks, types; every page that appears is looked at. */

import { PASSWORD } from "./house.mjs";
import { look, weigh } from "./look.mjs";
import { check } from "./tap.mjs";

/* Chromium itself says in the console that a page was answered by a refusal. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;

export class Person {
    /** `who` names the pictures; `town` has the browser, the server and the contexts' options. */
    static async open(town, who) {
        const person = new Person();
        Object.assign(person, { town, who, said: [], hasScripts: town.hasScripts });
        person.context = await town.browser.newContext({
            baseURL: town.house.address,
            javaScriptEnabled: town.hasScripts,
            locale: "zh-CN",
            timezoneId: "Asia/Shanghai",
            viewport: { width: 1280, height: 800 },
        });
        person.page = await person.context.newPage();
        person.page.setDefaultTimeout(15000);
        person.page.on("response", (response) => void weigh(response));
        person.page.on("pageerror", (error) => person.said.push(String(error)));
        person.page.on("console", (message) => {
            if (message.type() === "error" && !REFUSED.test(message.text())) {
                person.said.push(`${person.page.url()}: ${message.text()}`);
            }
        });
        return person;
    }

    /** A signed-in person. */
    static async enter(town, login, { who = login, password = PASSWORD } = {}) {
        const person = await Person.open(town, who);
        await person.go("/sign-in");
        await person.type("login", login);
        await person.type("password", password);
        await person.send("/sign-in");
        return person;
    }

    async close() {
        check(`${this.who}: the console is silent`, this.said.length === 0, this.said.join("\n"));
        await this.context.close();
    }

    /** Does what leads to another page, and looks at it. */
    async arrive(act, comes = () => this.page.waitForEvent("load")) {
        let response = null;
        const keep = (found) => {
            const isPage = ["document", "xhr"].includes(found.request().resourceType());
            response = isPage && (found.status() < 300 || found.status() >= 400) ? found : response;
        };
        this.page.on("response", keep);
        try {
            await Promise.all([comes(), act()]);
        } catch (error) {
            error.stack += `\n${this.who} at ${this.page.url()}\n${await this.text()}`;
            throw error;
        } finally {
            this.page.off("response", keep);
        }
        await look(this.page, { who: this.who, response, hasScripts: this.hasScripts });
        this.status = response?.status();
    }

    async go(path) {
        await this.arrive(() => this.page.goto(path));
    }

    /** A click alone. The driver waits for stillness by a script: where none runs, it is told not to. */
    async press(target) {
        await this.find(target).first().click({ force: !this.hasScripts });
    }

    /** Clicks what leads to another page. */
    async click(target) {
        await this.arrive(() => this.press(target));
    }

    /** A selector, or a locator as it is. */
    find(target) {
        return typeof target === "string" ? this.page.locator(target) : target;
    }

    /** Follows the first link whose address begins so: of the page, else of the desk's navigation. */
    async follow(path) {
        const link = `main a[href^="${path}"]`;
        await this.click((await this.has(link)) ? link : `nav.rooms a[href^="${path}"]`);
    }

    async type(field, text) {
        await this.find(`main [name="${field}"]`).fill(text);
    }

    /** Presses the button of the form that posts to an address with this end. */
    async send(action, button = "button:not([type=button])") {
        await this.click(`main form[action$="${action}"] ${button}`);
    }

    /** Clicks a link that is a file; its bytes. */
    async download(target) {
        const [download] = await Promise.all([
            this.page.waitForEvent("download"),
            this.press(target),
        ]);
        const parts = [];
        for await (const part of await download.createReadStream()) {
            parts.push(part);
        }
        return { name: download.suggestedFilename(), bytes: Buffer.concat(parts) };
    }

    /** The text of the page's main part. */
    async text() {
        return this.find("main").innerText();
    }

    async has(target) {
        return (await this.find(target).count()) > 0;
    }

    /** The rows of the first such table, each as the texts of its cells. */
    async rows(table = "main table") {
        const rows = this.find(table).first().locator("tbody tr");
        return rows.evaluateAll((all) =>
            all.map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
        );
    }
}
