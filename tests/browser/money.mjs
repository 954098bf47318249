/* The second half of the walk: the subsidy is claimed, reviewed by two, published, paid by two. */

import { Person } from "./person.mjs";
import * as story from "./story.mjs";
import { check, same } from "./tap.mjs";

const { course } = story;

/** A person at the page of the walk's claim, found in the list of all. */
async function atClaim(town, login) {
    const person = await Person.enter(town, login);
    await person.click('nav.rooms a[href="/desk/claims"]');
    await person.click(person.page.getByRole("link", { name: course.name }));
    return person;
}

export async function claim(town) {
    const clerk = await Person.enter(town, "school1");
    await clerk.go(town.classPath);
    await clerk.send("/claim");
    const rows = await clerk.rows();
    same("the claim has those who completed", rows.map(([name]) => name).sort(),
         story.completing.map((one) => one.name).sort());
    check("each amount says what it rests on", rows.every((cells) => /[一二三四].\d|〔\d{4}〕/.test(cells[3])), rows);
    check("who claims does not review", !(await clerk.has('form[action$="/review"]')));
    await clerk.close();
}

export async function firstReview(town) {
    const officer = await atClaim(town, "county1");
    await officer.send("/review", "button[value=approve]");
    check("the first review is kept", officer.status === 200, await officer.text());
    check("who reviewed first does not review again", !(await officer.has('form[action$="/review"]')));
    await officer.close();
}

export async function secondReview(town) {
    const chief = await atClaim(town, "chief1");
    await chief.send("/review", "button[value=reject]");
    check("nothing is rejected without a word", chief.status === 422, await chief.text());
    await chief.close();
    const again = await atClaim(town, "chief1");
    await again.send("/review", "button[value=approve]");
    check("the second review puts the list on view", await again.has('main a[href^="/notice/"]'), await again.text());
    check("nothing is owed while it is on view", !(await again.has('form[action$="/release"]')));
    await again.close();
}

/** After the last working day on view: the line with an objection waits, the others are owed. */
export async function release(town) {
    await town.house.at("2025-11-05T09:30");
    const officer = await atClaim(town, "county1");
    await officer.send("/release");
    const rows = await officer.rows();
    const held = rows.filter((cells) => cells[0] === story.doubted.name).map((cells) => cells[4]);
    const others = rows.filter((cells) => cells[0] !== story.doubted.name).map((cells) => cells[4]);
    check("the objection holds its line alone", !others.includes(held[0]) && new Set(others).size === 1, rows);
    await officer.close();
}

/** One makes the batch, another approves it; the bank's answer says who was paid. */
export async function pay(town) {
    const cashier = await Person.enter(town, "cashier1");
    await cashier.follow("/desk/payments");
    await cashier.send("/desk/payments");
    const batch = new URL(cashier.page.url()).pathname;
    check("who makes a batch does not approve it", !(await cashier.has('form[action$="/approve"]')));
    check("an unapproved batch has no bank file", !(await cashier.has('main a[href*="/file."]')));
    const treasurer = await Person.enter(town, "treasurer1");
    await treasurer.follow("/desk/payments");
    await treasurer.follow(batch);
    await treasurer.send("/approve");
    await treasurer.close();
    await cashier.go(batch);
    const file = await cashier.download('main a[href$="/file.csv"]');
    await sendResult(cashier, changed(file.bytes.toString(), (amount) => `9${amount}`));
    check("a result with another amount is refused whole", cashier.status === 422, await cashier.text());
    await cashier.go(batch);
    await sendResult(cashier, answered(file.bytes.toString()));
    const rows = await cashier.rows();
    const mine = rows.filter((cells) => cells[0].includes(course.name));
    same("the batch has those who are owed", mine.length, story.completing.length - 1);
    const back = mine.filter((cells) => cells.includes("户名不符"));
    check("what came back says why", back.length === 1 && back[0][0].includes(story.bounced.name), mine);
    await cashier.close();
}

/** The bank's lines: what it writes behind each. */
function answered(csv) {
    return csv
        .split("\r\n")
        .map((line) => {
            const isBounced = line.includes(story.bounced.name) && line.includes(course.name);
            return line.replace(/,,$/, isBounced ? ",失败,户名不符" : ",成功,");
        })
        .join("\r\n");
}

function changed(csv, change) {
    return answered(csv).replace(/,(\d+\.\d\d),/, (_, amount) => `,${change(amount)},`);
}

async function sendResult(person, text) {
    const file = { name: "回盘.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
    await person.find("main input[type=file]").setInputFiles(file);
    await person.send("/result");
}

/** The chief answers the objection; its line is not paid. */
export async function settleObjection(town) {
    const chief = await Person.enter(town, "chief1");
    await chief.follow("/desk/objections");
    const form = chief.find("main section.panel").filter({ hasText: course.name });
    await form.locator("[name=answer]").fill("核对签到记录后，异议成立（示例）。");
    await chief.click(form.locator("button[value=uphold]"));
    check("an answered objection waits no longer", !(await chief.text()).includes(course.name), await chief.text());
    await chief.close();
    const officer = await atClaim(town, "county1");
    town.claimRows = await officer.rows();
    const line = town.claimRows.find((cells) => cells[0] === story.doubted.name);
    const paid = town.claimRows.filter((cells) => cells[4].includes("已支付"));
    check("the line that was objected to is not paid", !line[4].includes("已支付"), town.claimRows);
    same("the others are paid but for what came back", paid.length, story.completing.length - 2);
    await officer.close();
}
