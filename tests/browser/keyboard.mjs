/* A person without a mouse: what Tab reaches, in which order, and whether one sees where one is. */

import { check } from "./tap.mjs";

const MOST_STOPS = 60;

/** The element with the focus: its name, kind, and whether anything marks it. */
function focused(page) {
    return page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        const hasOutline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return {
            name: element.getAttribute("name") ?? "",
            tag: element.tagName.toLowerCase(),
            label: (element.textContent || element.getAttribute("name") || "").trim().slice(0, 40),
            isSeen: hasOutline || style.boxShadow !== "none",
        };
    });
}

export class Keyboard {
    constructor(person) {
        this.person = person;
        this.page = person.page;
        this.unseen = [];
    }

    /** Presses Tab until `wanted` says yes; how often. */
    async tabTo(wanted) {
        for (let stops = 1; stops <= MOST_STOPS; stops++) {
            await this.page.keyboard.press("Tab");
            const at = await focused(this.page);
            if (!at.isSeen) {
                this.unseen.push(`<${at.tag}> ${at.label}`);
            }
            if (wanted(at)) {
                return stops;
            }
        }
        throw new Error("Tab does not lead there");
    }

    /** Fills the fields in the order in which they stand; each is the next stop but for a list's. */
    async fill(fields) {
        let stops = [];
        for (const [name, value] of Object.entries(fields)) {
            stops.push(await this.tabTo((at) => at.name === name));
            await this.enter(name, value);
        }
        return stops;
    }

    async enter(name, value) {
        const field = this.person.find(`main [name="${name}"]`);
        const kind = await field.evaluate((one) => (one.tagName === "SELECT" ? "select" : one.type));
        if (kind === "select") {
            const labels = await field.locator("option").allTextContents();
            for (let i = labels.indexOf(value); i > 0; i--) {
                await this.page.keyboard.press("ArrowDown");
            }
        } else if (kind === "date") {
            await this.enterDate(field, value);
        } else {
            await this.page.keyboard.insertText(value);
        }
    }

    /** The parts of a date stand in the order of the browser's own language. */
    async enterDate(field, value) {
        const [year, month, day] = value.split("-");
        await this.page.keyboard.type(`${month}${day}${year}`);
        if ((await field.inputValue()) !== value) {
            await field.focus();
            await this.page.keyboard.type(`${year}`);
            await this.page.keyboard.press("ArrowRight");
            await this.page.keyboard.type(`${month}${day}`);
        }
    }

    async press(key) {
        await this.person.arrive(() => this.page.keyboard.press(key));
    }

    report(where) {
        check(`${where}: one sees where the focus is`, this.unseen.length === 0, this.unseen.join("\n"));
    }
}
