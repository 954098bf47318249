/* Pictures of every page that each role can reach, and what can be measured on them. No test: for eyes.
 *
 *   node tests/browser/pictures.mjs ADDRESS FOLDER [WAY ...] [-- ROLE ...] [/PATH ...]
 *
 * ADDRESS is a server with the simulated province (script/server). A way is phone, phone-en, desk, desk-en, elder,
 * huge, dark or paper; all of them if none is named. With paths, only those pages are taken. The folder gets one picture
 * a page, and faults.txt: what is wider than the window, smaller than elder mode allows, or in the other language.
 */

import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { chromium } from "playwright-core";

const PASSWORD = "dianji-2025";
const ROLES = ["visitor", "worker1", "teacher1", "evaluator1", "school1", "head1", "county1", "chief1", "cashier1", "treasurer1",
               "prefecture1", "province", "auditor", "admin"];
const FIRST = ["/", "/sign-in", "/none"];
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1440, height: 900 };
const WAYS = {
    phone: { viewport: PHONE },
    "phone-en": { viewport: PHONE, cookies: { lang: "en" } },
    desk: { viewport: DESK },
    "desk-en": { viewport: DESK, cookies: { lang: "en" } },
    elder: { viewport: PHONE, cookies: { elder: "1" } },
    huge: { viewport: PHONE, cookies: { elder: "huge" } },
    dark: { viewport: DESK, colorScheme: "dark" },
    paper: { viewport: DESK, isPaper: true },
};
/* Not pages: files, endings of sessions, ways of the frame itself. */
const NO_PAGE = /\.(xlsx|csv|json|png|svg)$|[?&](as|lang|elder)=|^\/assets\//;
const MOST_OF_A_KIND = 4;
/* What everybody sees is taken once, for the visitor. */
const PUBLIC = /^\/($|\?|sign-in|none|classes|class\/|progress|notices|notice\/|certificate$)/;

/** The kind of a page: its address without what names one thing, and whether it was asked something. */
function kindOf(path) {
    const url = new URL(path, "http://none");
    const parts = url.pathname.split("/").map((part) => (/\d/.test(part) ? "N" : part));
    return parts.join("/") + (url.search === "" ? "" : "?");
}

async function linksOf(page) {
    const links = await page
        .locator("a[href]")
        .evaluateAll((all) => all.map((link) => new URL(link.href).origin === location.origin && link.getAttribute("href")));
    const here = page.url();
    return links
        .filter((link) => link && !link.startsWith("#"))
        .map((link) => new URL(link, here))
        .map((url) => url.pathname + url.search)
        .filter((path) => !NO_PAGE.test(path));
}

/** What makes two pages of a kind look different: their states, and which acts they offer. */
async function looksOf(page) {
    return page.evaluate(() => {
        const of = (query) => [...document.querySelectorAll(query)].map((node) => node.className + node.textContent);
        return of(".title .state, .title .actions .button, main h2").join("|");
    });
}

/** What a role reaches by links from its first pages; of each kind, the first few that differ in looks. */
async function reach(page, who, starts) {
    const waiting = [...starts];
    const asked = new Set(starts);
    const visits = new Map();
    const found = [];
    const looks = new Set();
    while (waiting.length > 0) {
        const path = waiting.shift();
        const kind = kindOf(path);
        const count = visits.get(kind) ?? 0;
        if (count >= (kind.endsWith("?") ? 1 : 24)) {
            continue;
        }
        visits.set(kind, count + 1);
        const answer = await page.goto(path).catch(() => null);
        if (!answer?.headers()["content-type"]?.startsWith("text/html")) {
            continue;
        }
        const look = `${kind} ${answer.status()} ${await looksOf(page)}`;
        if (!looks.has(look) && found.filter((one) => one.kind === kind).length < MOST_OF_A_KIND) {
            looks.add(look);
            found.push({ path, kind });
        }
        for (const link of await linksOf(page)) {
            if (!asked.has(link) && !(who !== "visitor" && PUBLIC.test(link))) {
                asked.add(link);
                waiting.push(link);
            }
        }
    }
    return found.map((one) => one.path);
}

/** What a ruler finds: runs in the page. */
function measure({ isElder, isEnglish }) {
    const faults = [];
    const width = document.documentElement.clientWidth;
    const isShown = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
    const name = (node) => `${node.tagName.toLowerCase()}.${node.className} “${(node.textContent || "").trim().slice(0, 40)}”`;
    if (document.documentElement.scrollWidth > width) {
        const wide = [...document.querySelectorAll("main *")].filter((node) => node.getBoundingClientRect().right > width + 1);
        faults.push(`${document.documentElement.scrollWidth} px wide: ${wide.slice(0, 3).map(name).join(", ")}`);
    }
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        const text = words.currentNode.textContent.trim();
        const node = words.currentNode.parentElement;
        if (text === "" || !isShown(node) || node.closest("script, style, .letters")) {
            continue;
        }
        if (isElder && parseFloat(getComputedStyle(node).fontSize) < 18) {
            faults.push(`small text, ${getComputedStyle(node).fontSize}: ${name(node)}`);
        }
        if (isEnglish && /\p{Script=Han}/u.test(text) && !node.closest("[lang|=zh]")) {
            faults.push(`Chinese: ${name(node)}`);
        }
        if (!isEnglish && /[a-z]{3}/.test(text) && !node.closest("[lang|=en], .code, code, .masked")) {
            faults.push(`English: ${name(node)}`);
        }
    }
    for (const node of isElder ? document.querySelectorAll("a[href], button, summary, input, select, textarea") : []) {
        const box = (node.closest("label.choice") ?? node).getBoundingClientRect();
        const isInline = getComputedStyle(node).display === "inline";
        if (isShown(node) && !isInline && box.height > 1 && box.height < 59.5 && node.type !== "hidden") {
            faults.push(`target of ${Math.round(box.height)} px: ${name(node)}`);
        }
    }
    return [...new Set(faults)];
}

async function take(page, { who, way, folder, path }) {
    await page.goto(path);
    const file = `${who}${path.replaceAll(/[^\w]+/g, "-")}.${way}`.replace("-.", ".");
    if (WAYS[way].isPaper) {
        await page.pdf({ path: resolve(folder, `${file}.pdf`), preferCSSPageSize: true, printBackground: false });
        return;
    }
    await page.screenshot({ path: resolve(folder, `${file}.png`), fullPage: true });
    const faults = await page.evaluate(measure, {
        isElder: ["elder", "huge"].includes(way),
        isEnglish: way.endsWith("-en"),
    });
    if (faults.length > 0) {
        appendFileSync(resolve(folder, "faults.txt"), `${who} ${path} ${way}\n    ${faults.join("\n    ")}\n`);
    }
}

async function enter(page, login) {
    await page.goto("/sign-in");
    await page.fill("#login", login);
    await page.fill("#password", PASSWORD);
    await Promise.all([page.waitForURL((url) => url.pathname !== "/sign-in"), page.click("main button.primary")]);
}

async function show(browser, { address, folder, ways, who, paths }) {
    const first = await browser.newContext({ baseURL: address, locale: "zh-CN" });
    const page = await first.newPage();
    if (who !== "visitor") {
        await enter(page, who);
    }
    const all = paths.length > 0 ? paths : await reach(page, who, who === "visitor" ? FIRST : ["/desk", "/me"]);
    const state = await first.storageState();
    await first.close();
    for (const way of ways) {
        const { viewport, colorScheme = "light", cookies = {} } = WAYS[way];
        const context = await browser.newContext({ baseURL: address, locale: "zh-CN", storageState: state, viewport, colorScheme });
        await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: address })));
        const shown = await context.newPage();
        for (const path of all) {
            await take(shown, { who, way, folder, path });
        }
        await context.close();
    }
    return all;
}

async function main() {
    const [address, folder, ...rest] = process.argv.slice(2);
    const named = rest.filter((word) => word in WAYS);
    const roles = rest.filter((word) => ROLES.includes(word));
    const paths = rest.filter((word) => word.startsWith("/"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(resolve(folder, "faults.txt"), "");
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
    const known = new Set();
    try {
        for (const who of roles.length > 0 ? roles : ROLES) {
            const all = await show(browser, {
                address, folder, who, paths,
                ways: named.length > 0 ? named : Object.keys(WAYS),
            });
            all.forEach((path) => known.add(path));
            process.stdout.write(`${who}: ${all.length}\n  ${all.join("\n  ")}\n`);
        }
    } finally {
        await browser.close();
    }
}

await main();
