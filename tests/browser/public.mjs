/* What everybody can see: the public pages, the plan's numbers, certificates, objections, one's own record. */

import { takeOwnPassword } from "./class.mjs";
import { OWN_PASSWORD } from "./house.mjs";
import { Person } from "./person.mjs";
import * as story from "./story.mjs";
import { check, same } from "./tap.mjs";

const { course } = story;

/** A visitor looks around, in both languages. */
export async function visit(town) {
    const visitor = await Person.open(town, "visitor");
    for (const path of ["/", "/progress", "/progress/1", "/classes", "/notices", "/certificate", "/sign-in", "/none"]) {
        await visitor.go(path);
    }
    check("a page that is not there says so", visitor.status === 404);
    await visitor.go("/");
    await visitor.click(visitor.page.locator("header a[hreflang=en]"));
    const language = await visitor.page.locator("html").getAttribute("lang");
    same("the other language is one click away", language, "en");
    visitor.who = "visitor-en";
    for (const path of ["/progress", "/classes", "/notices", "/certificate"]) {
        await visitor.go(path);
    }
    await visitor.close();
    const elder = await Person.open(town, "elder");
    await elder.go("/");
    await elder.click(elder.page.locator('header a[href*="elder"]'));
    for (const path of ["/progress", "/sign-in", "/certificate"]) {
        await elder.go(path);
    }
    await elder.close();
}

/** Every number of the progress page, as it is read there. */
export async function readNumbers(town, when) {
    const visitor = await Person.open(town, "visitor");
    await visitor.go("/progress");
    const links = await visitor
        .find('main a[href^="/progress/metric/"]')
        .evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.innerText]));
    town.numbers[when] = Object.fromEntries(
        links.map(([path, text]) => [path.split("/").pop(), Number(text.replaceAll(",", ""))]),
    );
    await visitor.close();
}

function moved(before, after) {
    return Object.keys(after)
        .filter((id) => after[id] !== before[id])
        .map((id) => [id, after[id] - before[id]]);
}

/** What moved has moved by those who completed, and opens to exactly them, each with the clause. */
export async function openNumbers(town) {
    const changes = moved(town.numbers.before, town.numbers.after);
    const count = story.completing.length;
    check("the numbers move by exactly those people",
          changes.length > 0 && changes.every(([, by]) => by === count), changes);
    const auditor = await Person.enter(town, "county1");
    for (const [id] of changes) {
        await auditor.go("/progress");
        await auditor.follow(`/progress/metric/${id}`);
        await openPart(auditor);
        await auditor.click(auditor.page.getByRole("link", { name: "昆明市" }));
        await auditor.click(auditor.page.getByRole("link", { name: "寻甸" }));
        const rows = await auditor.rows("main section:last-of-type table");
        const newest = rows.slice(0, count);
        const names = newest.map((cells) => cells[0]);
        const isThem = story.completing.every((one) => names.some((name) => fits(name, one.name)));
        check(`${id} opens to those people`, isThem, rows);
        const isSourced = newest.every((cells) => /[一二三四].\d/.test(cells.at(-1)));
        check(`${id} names the clause of each`, isSourced, newest);
    }
    await auditor.close();
}

/** A headline is the sum of its parts: the people stand behind those. */
async function openPart(person) {
    for (let depth = 0; depth < 3 && !(await person.has('main a[href*="?region="]')); depth++) {
        await person.follow("/progress/metric/");
    }
}

/** Whether a shown name, masked or not, is this one. */
function fits(shown, name) {
    return shown.length === name.length && [...shown].every((sign, i) => sign === name[i] || /[*＊]/.test(sign));
}

/** Anyone checks a certificate: the worker's own number is found, another is not. */
export async function checkCertificate(town) {
    const visitor = await Person.open(town, "visitor");
    await visitor.go("/certificate");
    await visitor.type("no", "DJ-NONE-1");
    await visitor.click("main form button");
    check("an unknown certificate is not found", (await visitor.has("main .notice")), await visitor.text());
    await visitor.close();
}

/** A visitor reads the list on view and objects to one line. */
export async function object(town) {
    const visitor = await Person.open(town, "visitor");
    await visitor.go("/");
    await visitor.follow("/notices");
    await visitor.click(visitor.page.getByRole("link", { name: course.name }));
    const rows = await visitor.rows();
    const whole = story.completing.filter((one) => rows.flat().includes(one.identity_no));
    check("the list on view shows no whole number", whole.length === 0, rows);
    same("the list on view has those people", rows.length, story.completing.length);
    const line = rows.find((cells) => cells.some((cell) => fits(cell, story.doubted.name)));
    await visitor.type("number", "999");
    await visitor.type("reason", "此人没有来上课（示例）。");
    await visitor.send("/objection");
    check("an objection to no line is refused", visitor.status >= 400, await visitor.text());
    await visitor.go("/notices");
    await visitor.click(visitor.page.getByRole("link", { name: course.name }));
    town.noticePath = new URL(visitor.page.url()).pathname;
    const at = rows.indexOf(line);
    await visitor.type("number", rows[at < 0 ? 0 : at][0]);
    await visitor.type("reason", "此人没有来上课（示例）。");
    await visitor.type("contact", "13908712345");
    await visitor.send("/objection");
    check("an objection is taken", visitor.status === 200, await visitor.text());
    await visitor.close();
}

/** The county opens an account for a worker, who finds the own record and checks the certificate. */
export async function ownRecord(town) {
    const [worker] = story.people;
    const officer = await Person.enter(town, "county1");
    await officer.follow("/desk/people");
    await officer.type("wanted", worker.identity_no);
    await officer.send("/desk/people");
    await officer.follow("/desk/person/");
    await officer.press("main details.confirm summary");
    await officer.send("/account");
    const given = await officer.find("main b.code").innerText();
    await officer.close();
    await takeOwnPassword(town, "worker", given);

    const person = await Person.enter(town, worker.identity_no, { who: "worker", password: OWN_PASSWORD });
    await person.go("/me");
    const text = await person.text();
    check("the own record has the class and the score", text.includes(course.name) && text.includes("80"), text);
    await person.follow("/certificate/");
    const shown = await person.text();
    check("the certificate is found, its holder masked",
          shown.includes(course.occupation) && !shown.includes(worker.name), shown);
    await person.go("/me/check-in");
    await person.close();
}

/** Paying moves what counts payments, and nothing that counts people. */
export function compareLast(town) {
    const changes = moved(town.numbers.after, town.numbers.last);
    same("being paid changes no number of people", changes, []);
}
