/* Decisions a second, beside npm's feelin, which evaluates the same cells and expressions in the same run. It has no decision tables: they are
 * looked up here, cell by cell, and a look-up ends with its first rule. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { evaluate, unaryTest } from "./dmn/node_modules/feelin/dist/index.esm.js";

const PRIZES = "policies/yunnan-2021-28/decisions/prizes.dmn";
const FOLDER = "build/bench";
const NODES = 200;
const LEAST_MS = 1500;
const CONTESTS = ["世界技能大赛", "全国职业技能大赛", "全省综合性职业技能大赛和其他省级一类职业技能竞赛", "州市、行业和企业的竞赛"];
const AWARDS = ["金牌", "银牌", "铜牌", "优胜奖"];

/** Its value; one version of feelin gives it with warnings, another alone. */
function valueOf(answer) {
    return answer !== null && typeof answer === "object" && "warnings" in answer ? answer.value : answer;
}

function lookUp(rules, values) {
    for (const { cells, outputs } of rules) {
        if (cells.every((cell, i) => cell === "-" || valueOf(unaryTest(cell, { "?": values[i] })) === true)) {
            return outputs.map((output) => valueOf(evaluate(output, {})));
        }
    }
    return null;
}

/** Calls a second. */
function measure(call) {
    const began = performance.now();
    let count = 0;
    let spent = 0;
    for (; spent < LEAST_MS; spent = performance.now() - began) {
        if (call(count++) === null) {
            throw new Error("a decision is null");
        }
    }
    return Math.round((count * 1000) / spent);
}

function textsOf(xml, element) {
    const found = xml.matchAll(new RegExp(`<${element}>\\s*<text>([^<]*)</text>`, "g"));
    return [...found].map((match) => match[1].replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
}

function prizeRules() {
    const rules = readFileSync(PRIZES, "utf8").split("<rule").slice(1);
    return rules.map((rule) => ({ cells: textsOf(rule, "inputEntry"), outputs: textsOf(rule, "outputEntry") }));
}

function subsidyRules() {
    const rules = [];
    for (let trade = 0; trade < 400; trade++) {
        for (let level = 1; level <= 5; level++) {
            rules.push({ cells: [`"t${trade}"`, `"l${level}"`], outputs: [String(800 + trade * 10 + level * 100)] });
        }
    }
    return rules;
}

function model(elements) {
    return `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="bench" namespace="urn:bench">${elements}</definitions>`;
}

function input(name, type) {
    return `<inputData id="${name}" name="${name}"><variable name="${name}" typeRef="${type}"/></inputData>`;
}

function requirement(kind, name) {
    return `<informationRequirement><required${kind} href="#${name}"/></informationRequirement>`;
}

function column(name) {
    return `<input><inputExpression><text>${name}</text></inputExpression></input>`;
}

function subsidyModel(rules) {
    const rows = rules.map(
        ({ cells, outputs }) =>
            `<rule>${cells.map((cell) => `<inputEntry><text>${cell}</text></inputEntry>`).join("")}` +
            `<outputEntry><text>${outputs[0]}</text></outputEntry></rule>`,
    );
    const table = `<decisionTable>${column("trade")}${column("level")}<output/>${rows.join("")}</decisionTable>`;
    return model(
        input("trade", "string") + input("level", "string") +
            `<decision id="amount" name="amount">${requirement("Input", "trade")}${requirement("Input", "level")}${table}</decision>`,
    );
}

function graphModel() {
    let elements = input("n0", "number");
    for (let i = 1; i <= NODES; i++) {
        const before = `n${i - 1}`;
        elements +=
            `<decision id="n${i}" name="n${i}"><variable name="n${i}" typeRef="number"/>${requirement(i === 1 ? "Input" : "Decision", before)}` +
            `<literalExpression><text>${before} + 1</text></literalExpression></decision>`;
    }
    return model(elements);
}

/** What is measured in C, from files. */
function ownSpeeds(subsidies) {
    const files = { subsidy: `${FOLDER}/subsidy.dmn`, graph: `${FOLDER}/graph.dmn` };
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(files.subsidy, subsidyModel(subsidies));
    writeFileSync(files.graph, graphModel());
    const lines = execFileSync("build/dmn_bench", [PRIZES, files.subsidy, files.graph], { encoding: "utf8" }).trim().split("\n");
    return Object.fromEntries(lines.map((line) => line.split(" ")).map(([name, speed]) => [name, Number(speed)]));
}

function graph() {
    let value = 1;
    for (let i = 0; i < NODES; i++) {
        value = valueOf(evaluate("previous + 1", { previous: value }));
    }
    return value;
}

function main() {
    const prizes = prizeRules();
    const subsidies = subsidyRules();
    const own = ownSpeeds(subsidies);
    const peer = {
        prize: measure((i) => lookUp(prizes, [CONTESTS[(i >> 2) % 4], AWARDS[i % 4], true])),
        subsidy: measure((i) => lookUp(subsidies, [`t${(i % 16) * 25}`, `l${(i % 5) + 1}`])),
        graph: measure(graph),
    };
    const names = { prize: "the prize table", subsidy: "a table of 2,000 rules", graph: "a graph of 200 nodes" };
    const rows = Object.entries(names).flatMap(([key, what]) => [
        { what, value: own[key], unit: "decisions/s", beside: `feelin, × ${(own[key] / peer[key]).toFixed(0)}` },
        { what: `${what}, by feelin`, value: peer[key], unit: "decisions/s", beside: "" },
    ]);
    console.log(JSON.stringify({ about: "decisions a second on one core", rows }));
}

main();
