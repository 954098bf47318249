/* The first half of the walk: a class is applied for, reviewed, filled, taught and examined. */

import { Keyboard } from "./keyboard.mjs";
import { OWN_PASSWORD, PASSWORD } from "./house.mjs";
import { Person } from "./person.mjs";
import { textOf } from "./roster.mjs";
import * as story from "./story.mjs";
import { check, same } from "./tap.mjs";

const { course } = story;

/** The codes of the county's school and of who examines there. */
export async function findOrganisations(town) {
    const admin = await Person.enter(town, "admin");
    await admin.follow("/desk/organisations");
    const near = (await admin.rows()).filter(([name]) => name.startsWith("寻甸"));
    [, town.school] = near.find(([, , kind]) => kind === "职业培训机构");
    [, course.evaluator_code] = near.find(([, , kind]) => kind === "评价组织");
    await admin.close();
}

/** The administrator invites the school's teacher, who sets a password with the code. */
export async function openTeacherAccount(town) {
    const admin = await Person.enter(town, "admin");
    await admin.go("/desk/accounts");
    await admin.follow("/desk/account/new");
    await admin.type("login", "class-teacher");
    await admin.type("name", course.teacher_name);
    await admin.type("identity_no", course.teacher_no);
    await admin.find("main [name=role]").selectOption("teacher");
    await admin.type("organisation_code", town.school);
    await admin.send("/desk/account/new");
    const given = await admin.find("main b.code").innerText();
    await admin.close();
    await takeOwnPassword(town, "class-teacher", given);
}

/** With the code that somebody was given; a meter says, while one types, how well the password would hold. */
export async function takeOwnPassword(town, who, code) {
    const person = await Person.open(town, who);
    await person.go("/sign-in");
    await person.follow("/activate");
    await person.type("invitation_code", code);
    const strengths = [];
    for (const tried of ["short", "password1234", "aaaaaaaaaaaaaaaa", "abcdefghijklmnop", OWN_PASSWORD]) {
        await person.type("new_password", tried);
        strengths.push(await person.find("[data-meter]").getAttribute("data-strength"));
    }
    const wanted = person.hasScripts ? "0 1 1 1 4" : "    ";
    check(`${who} reads how well a password would hold`, strengths.join(" ") === wanted, strengths.join(" "));
    await person.type("repeated", OWN_PASSWORD);
    await person.send("/activate");
    check(`${who} has an own password and comes to the door`, new URL(person.page.url()).pathname === "/sign-in", await person.text());
    await person.close();
}

/** The clerk gives each lesson its subject; a line that is forgotten is named. */
async function plan(clerk) {
    await clerk.follow(`${new URL(clerk.page.url()).pathname}/plan`);
    const lessons = Number(course.lesson_hours) / Number(course.daily_hours);
    for (let n = 1; n <= lessons; n++) {
        await clerk.find(`main [name=kind-${n}]`).selectOption(n === 1 ? "theory" : "practice");
        await clerk.type(`subject-${n}`, n === 3 ? "" : `示例内容${n}`);
    }
    await clerk.send("/plan");
    check("a lesson without a subject is named by its line", /第3行/.test(await clerk.text()), await clerk.text());
    same("what was typed is still there", await clerk.find("[name=subject-2]").inputValue(), "示例内容2");
    await clerk.type("subject-3", "示例内容3");
    await clerk.send("/plan");
    check("the plan stands in the timetable", (await clerk.text()).includes("示例内容3"), await clerk.text());
}

/** The officer looks at the place: every point has its finding, what failed its reason. */
async function siteCheck(officer) {
    await officer.follow(`${new URL(officer.page.url()).pathname}/site-check`);
    const findings = officer.page.locator("main select[name^=finding-]");
    const count = await findings.count();
    for (let i = 0; i < count - 1; i++) {
        await findings.nth(i).selectOption("passed");
    }
    await officer.send("/site-check");
    check("a point without a finding is named", officer.status === 422, await officer.text());
    await findings.nth(count - 1).selectOption("not_applicable");
    await officer.send("/site-check");
    check("the check stands with the class", (await officer.text()).includes("不涉及"), await officer.text());
}

/** The clerk signs in and fills the whole form without a mouse. */
export async function apply(town) {
    const clerk = await Person.open(town, "school1");
    const keys = new Keyboard(clerk);
    await clerk.go("/sign-in");
    await keys.tabTo((at) => at.tag === "a");
    await clerk.arrive(async () => {
        await keys.fill({ login: "school1", password: PASSWORD });
        await clerk.page.keyboard.press("Enter");
    });
    check("signing in needs no mouse", new URL(clerk.page.url()).pathname === "/desk", clerk.page.url());
    keys.report("sign-in");

    await clerk.follow("/desk/classes");
    await clerk.follow("/desk/class/new");
    const form = new Keyboard(clerk);
    const stops = await form.fill({ ...course, capacity: "2000" });
    check("Tab goes from field to field", stops.slice(1).every((count) => count <= 4), stops.join(" "));
    await form.tabTo((at) => at.tag === "button");
    await form.press("Enter");
    form.report("the form of a class");
    check("a class that is too large is refused", clerk.status === 422, await clerk.text());
    same("what was typed is still there", await clerk.find("[name=place]").inputValue(), course.place);
    await clerk.type("capacity", course.capacity);
    await clerk.send("/desk/class/new");
    check("the draft has its page", (await clerk.text()).includes(course.name), await clerk.text());
    town.classPath = new URL(clerk.page.url()).pathname;
    await clerk.send("/submit");
    check("a class without a plan is not submitted", clerk.status === 422, await clerk.text());
    await clerk.go(town.classPath);
    await plan(clerk);
    await clerk.send("/submit");
    check("a submitted class is not submitted again", !(await clerk.has('form[action$="/submit"]')));
    await clerk.close();
}

/** The county's officer finds the class in the inbox. */
export async function review(town) {
    const officer = await Person.enter(town, "county1");
    await officer.follow("/desk/classes?state=submitted");
    await officer.click(officer.page.getByRole("link", { name: course.name }));
    await officer.send("/review", "button[value=return]");
    check("a class is not returned without a word", officer.status === 422, await officer.text());
    await officer.go(town.classPath);
    await officer.send("/review", "button[value=approve]");
    check("a place that nobody saw holds its class up", officer.status === 409, await officer.text());
    await officer.go(town.classPath);
    await siteCheck(officer);
    await officer.send("/review", "button[value=approve]");
    check("a reviewed class waits for nobody", !(await officer.has('form[action$="/review"]')));
    await officer.close();
}

async function upload(person, file) {
    await person.find("main input[type=file]").setInputFiles(file);
    /* With the script the answer is written into the page that sent the file. */
    await person.arrive(
        () => person.press('main form[action$="/roster"] button'),
        () => person.page.waitForSelector("main nav.tabs"),
    );
}

/** The clerk's file is as offices have them; the preview says what to mend, and nothing is saved. */
export async function fillRoster(town) {
    const clerk = await Person.enter(town, "school1");
    await clerk.go(town.classPath);
    await clerk.follow(`${town.classPath}/roster`);
    await upload(clerk, story.rosterFile({ mended: false }));
    town.previewPath = new URL(clerk.page.url()).pathname;
    await checkPreview(clerk);
    const marked = await clerk.download('main a[href*="/marked"]');
    const text = textOf(marked.bytes);
    const bare = text.replaceAll(" ", "");
    check("the marked copy has every person", story.people.every((one) => bare.includes(one.name)), text);
    check("the marked copy says what to mend", text.includes("000"), text);

    await clerk.go(town.classPath);
    check("a preview saves nothing", !(await clerk.text()).includes(story.people[0].name));
    await clerk.follow(`${town.classPath}/roster`);
    await upload(clerk, story.rosterFile({ mended: true }));
    check("the mended file has no fault", !(await clerk.has("main td .state.bad")), await clerk.text());
    await clerk.send("/accept");
    await clerk.go(town.classPath);
    const names = (await clerk.rows()).map(([name]) => name);
    same("the accepted people are in the class", names.sort(), story.people.map((one) => one.name).sort());
    await clerk.close();
}

async function checkPreview(clerk) {
    const rows = await clerk.rows();
    for (const [what, fault, word] of [
        ["a number that lost its end", story.spoilt, "文本"],
        ["a telephone with ten digits", story.short, "11"],
        ["a person twice in the file", story.twice, String(story.twice.row - 8)],
    ]) {
        const found = rows.find((cells) => cells[0].includes(String(fault.row)));
        const isSaid = found?.[1].includes(fault.name) && found[3].includes(word);
        check(`the preview names ${what}, its row and the way to mend it`, isSaid, rows);
    }
    same("nothing else is at fault", rows.length, 3);
}

/** The teacher's list, lesson by lesson; one person leaves after the second day. */
export async function teach(town) {
    await town.house.at("2025-10-20T09:10");
    await punch(town, "in", 0);
    await town.house.at("2025-10-24T20:00");
    await punch(town, "out", 0);
    for (let lesson = 1; lesson < 5; lesson++) {
        await punch(town, "in", lesson);
        await punch(town, "out", lesson);
    }
}

async function punch(town, column, lesson) {
    if (!town.teacher || town.teacher.clock !== town.house.clock) {
        await town.teacher?.person.close();
        town.teacher = { clock: town.house.clock, person: await Person.enter(town, "class-teacher", { password: OWN_PASSWORD }) };
        const { person } = town.teacher;
        await person.follow("/desk/classes");
        await person.click(person.page.getByRole("link", { name: course.name }));
    }
    const { person } = town.teacher;
    await person.go(town.classPath);
    await person.click(person.find('main a[href^="/desk/session/"]').nth(lesson));
    for (const one of story.people) {
        if (one === story.absent && lesson > 1) {
            continue;
        }
        const row = person.find("main tr", { hasText: one.name }).filter({ hasText: one.name });
        await person.press(row.locator(`input[name^="${column}-"]`));
    }
    await person.click("main form button.primary");
    check(`lesson ${lesson + 1}: the list of who came ${column} is kept`, person.status === 200, await person.text());
}

/** The school finishes the class, another organisation examines; who passed has a certificate. */
export async function examine(town) {
    await town.teacher.person.close();
    await town.house.at("2025-10-25T10:00");
    const clerk = await Person.enter(town, "school1");
    await clerk.go(town.classPath);
    await clerk.send("/finish");
    check("who teaches does not examine", !(await clerk.has(`main a[href="${town.classPath}/results"]`)));
    const evaluator = await Person.enter(town, "evaluator1");
    await evaluator.follow("/desk/classes?state=training_done");
    await evaluator.click(evaluator.page.getByRole("link", { name: course.name }));
    await evaluator.follow(`${town.classPath}/results`);
    for (const [i, one] of story.people.entries()) {
        const row = evaluator.find("main tr").filter({ hasText: one.name });
        await row.locator("input").fill(one === story.failing ? "41" : String(80 + i));
    }
    await evaluator.send("/results");
    check("results close the class", evaluator.status === 200, await evaluator.text());
    await evaluator.close();
    await clerk.go(town.classPath);
    const states = await clerk.rows();
    const completed = states.filter((cells) => cells.at(-1) === "合格结业").map(([name]) => name);
    const wanted = story.completing.map((one) => one.name);
    same("who came and passed has completed the training", completed.sort(), wanted.sort());
    await clerk.close();
}
