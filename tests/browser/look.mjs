/* What every page must be: accessible, no wider than a phone, light, and silent in the console. */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

import { ROOT, engine } from "./house.mjs";
import { check } from "./tap.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const WIDTHS = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };
const LIMIT_BYTES = 60 * 1024;
const PICTURES = resolve(ROOT, "build-test/screenshots", engine);

const seen = new Set();
const assets = new Map();
mkdirSync(PICTURES, { recursive: true });

/** The kind of a page: its address without what names one thing. */
function kindOf(url) {
    const parts = new URL(url).pathname.split("/").map((part) => (/\d/.test(part) ? "N" : part));
    return parts.join("/");
}

/** Bytes that came over the line for a response's body. */
async function weight(response) {
    await response.finished();
    return (await response.request().sizes()).responseBodySize;
}

/** Called for each response: styles and scripts count in the weight of all pages that follow. */
export async function weigh(response) {
    const kind = response.request().resourceType();
    if (["stylesheet", "script", "font"].includes(kind) && !assets.has(response.url())) {
        assets.set(response.url(), await weight(response).catch(() => 0));
    }
}

async function violations(page) {
    await page.evaluate(AXE);
    const found = await page.evaluate(
        (rules) => window.axe.run({ runOnly: rules }).then((results) => results.violations),
        RULES,
    );
    return found.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.failureSummary}\n  ${node.html}`),
    );
}

/** axe-core is a script itself: without scripts the same page is shown to it in another window. */
async function violationsOf(page, hasScripts) {
    if (hasScripts) {
        return violations(page);
    }
    const body = await page.content();
    const cookies = await page.context().cookies();
    const context = await page.context().browser().newContext({ viewport: page.viewportSize() });
    await context.addCookies(cookies);
    const copy = await context.newPage();
    await copy.route(page.url(), (route) => route.fulfill({ body, contentType: "text/html" }));
    await copy.route("**/*.js", (route) => route.abort());
    await copy.goto(page.url());
    const found = await violations(copy);
    await context.close();
    return found;
}

/** How far the page is wider than its window, and what sticks out. */
async function overflow(page) {
    return page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) {
            return "";
        }
        const wide = [...document.querySelectorAll("main *")].filter(
            (element) => element.getBoundingClientRect().right > width + 1,
        );
        const names = wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
        return `${document.documentElement.scrollWidth} px wide\n${names.join("\n")}`;
    });
}

/** Looks at a page once for each kind, status and person: two pictures, and all that must hold. */
export async function look(page, { who, response, hasScripts }) {
    const status = response?.status() ?? 200;
    const kind = `${kindOf(page.url())} ${status === 200 ? "" : status}`.trim();
    const name = `${who} ${kind}`;
    if (seen.has(name)) {
        return;
    }
    seen.add(name);
    const before = page.viewportSize();
    const faults = [];
    for (const [device, size] of Object.entries(WIDTHS)) {
        await page.setViewportSize(size);
        const wide = await overflow(page);
        faults.push(...(wide === "" ? [] : [`at ${size.width} px: ${wide}`]));
        faults.push(...(await violationsOf(page, hasScripts)).map((fault) => `at ${size.width} px: ${fault}`));
        const file = `${name.replaceAll(/[^\w]+/g, "-").replace(/-$/, "")}.${device}.png`;
        await page.screenshot({ path: resolve(PICTURES, file), fullPage: true });
    }
    await page.setViewportSize(before);
    if (response) {
        const parts = [await weight(response), ...assets.values()];
        const bytes = parts.reduce((sum, size) => sum + size, 0);
        faults.push(...(bytes > LIMIT_BYTES ? [`${bytes} bytes`] : []));
    }
    check(`${name}: accessible, narrow and light`, faults.length === 0, faults.join("\n"));
}
