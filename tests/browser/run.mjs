/* The walk through the spine in a browser, from the class to the paid yuan.
 *
 * seconds: 1500
 *
 * Every page is looked at on a phone and on a desk: accessible, narrow, light. On SQLite the pages' script runs; on
 * PostgreSQL it is switched off, and the same walk must go. Pictures: build-test/screenshots/.
 */

import { chromium } from "playwright-core";

import * as classes from "./class.mjs";
import { House, dianji, engine } from "./house.mjs";
import * as money from "./money.mjs";
import * as public_ from "./public.mjs";
import { finish } from "./tap.mjs";

async function walk(town) {
    await town.house.at("2025-10-15T09:00");
    await public_.visit(town);
    await classes.findOrganisations(town);
    await classes.apply(town);
    await classes.review(town);
    await classes.openTeacherAccount(town);
    await classes.fillRoster(town);
    await classes.teach(town);
    await public_.readNumbers(town, "before");
    await classes.examine(town);
    await public_.readNumbers(town, "after");
    await public_.openNumbers(town);
    await public_.checkCertificate(town);
    await money.claim(town);
    await money.firstReview(town);
    await money.secondReview(town);
    await public_.object(town);
    await money.release(town);
    await money.pay(town);
    await money.settleObjection(town);
    await public_.ownRecord(town);
    await public_.readNumbers(town, "last");
    public_.compareLast(town);
}

async function main() {
    dianji("init");
    dianji("simulate", "--people", "400", "--classes", "20", "--seed", "1");
    const town = {
        hasScripts: engine === "sqlite",
        house: await House.open(),
        browser: await chromium.launch({
            executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
            args: ["--lang=zh-CN"],
        }),
        numbers: {},
    };
    try {
        await walk(town);
        dianji("ledger", "recount");
    } finally {
        await town.browser.close();
        await town.house.close();
    }
}

await main().then(() => finish(), finish);
