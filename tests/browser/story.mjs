/* Who and what the walk is about: a class of seven in the simulated province's first county. */

import { card, fullWidth, identity, workbook } from "./roster.mjs";

export const COUNTY = "530129";
export const PEOPLE = 7;

export const course = {
    name: "家政服务员示例第1期",
    programme: "家政服务员职业技能培训",
    occupation: "家政服务员",
    level: "初级工（五级）",
    capacity: "20",
    evaluator_code: "", // the county's; the administrator looks it up
    region: "昆明市 寻甸回族彝族自治县",
    place: "示例楼二层201教室",
    starts_on: "2025-10-20",
    starts_at: "09:00",
    lesson_hours: "40",
    daily_hours: "8",
    teacher_no: identity(`${COUNTY}19800808123`),
    teacher_name: "何样老师",
    exam_kind: "理论考试和实操考核",
    exam_on: "2025-10-24",
    exam_place: "示例考核站",
};

/** The people of the class, in the order of its file. */
export const people = ["赵样一", "钱样二", "孙样三", "李样四", "周样五", "吴样六", "郑样七"].map((name, i) => ({
    name,
    identity_no: identity(`${COUNTY}1990030${i + 1}0${i * 2 + 11}`),
    phone: `1390871${2345 + i * 17}`,
    card: card(5500 + i),
}));
/* The one whose check character is X shows whether a small x is read; the one behind is spoilt. */
people[2].identity_no = withX();

function withX() {
    for (let order = 100; ; order++) {
        const number = identity(`${COUNTY}19910315${order}`);
        if (number.endsWith("X")) {
            return number;
        }
    }
}

/* Who is sent to the exam and fails, who misses lessons, whom a visitor objects to, whose payment
 * comes back. */
export const [, , failing, absent, doubted, bounced] = people;
export const completing = people.filter((one) => one !== failing && one !== absent);

const HEADER = ["序号", "联系电话", "姓 名", "开户银行", "公民身份号码", "社保卡账号", "备注"];
const BANK = "示例农村商业银行";
/* Where the file shows its first person, and what is wrong in it: rows as a spreadsheet counts. */
const FIRST_ROW = 5;
export const spoilt = { row: FIRST_ROW + 3, name: people[3].name };
export const short = { row: FIRST_ROW + 6, name: people[6].name };
export const twice = { row: FIRST_ROW + 8, name: people[0].name };

function line(i, change = {}) {
    const { name, phone, card: account, identity_no } = { ...people[i], ...change };
    return [i + 1, phone, name, BANK, identity_no, account, null];
}

/** The clerk's file as it came from the township, or mended where the preview found fault. */
export function rosterFile({ mended }) {
    const number = people[1].identity_no;
    const rows = [
        ["2025年家政服务员培训班学员花名册（示例）", null, null, null, null, null, null],
        ["填报单位：寻甸县示例镇", null, null, null, "填报日期：2025年10月15日", null, null],
        [null, null, null, null, null, null, null],
        HEADER,
        line(0),
        line(1, { identity_no: fullWidth(number), phone: fullWidth(people[1].phone) }),
        line(2, { identity_no: ` ${people[2].identity_no.toLowerCase().replace(/^(.{6})/, "$1 ")}` }),
        line(3, mended ? {} : { identity_no: Math.floor(Number(people[3].identity_no) / 1000) * 1000 }),
        line(4),
        line(5, { name: people[5].name.split("").join(" ") }),
        line(6, mended ? {} : { phone: people[6].phone.slice(0, 10) }),
        [null, null, null, null, null, null, null],
        mended ? [null, null, null, null, null, null, null] : line(0),
        ["填表人：示例", null, null, null, null, null, null],
    ];
    const notes = [["填表说明"], ["一、请如实填写。"], ["二、身份证号请填写18位。"]];
    return {
        name: mended ? "花名册（改）.xlsx" : "花名册.xlsx",
        mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        buffer: workbook([
            ["说明", notes],
            ["花名册", rows, ["A1:G1", "A2:D2", "E2:G2"]],
        ]),
    };
}
