/* Tests are counted and printed by the Test Anything Protocol. */

let number = 0;
let failed = 0;

/** One test; `more` is printed when it fails. */
export function check(name, holds, more = "") {
    number += 1;
    failed += holds ? 0 : 1;
    console.log(`${holds ? "ok" : "not ok"} ${number} - ${name}`);
    if (!holds && more !== "") {
        const text = typeof more === "string" ? more : JSON.stringify(more, null, 1);
        console.log(`# ${text.replaceAll("\n", "\n# ")}`);
    }
    return Boolean(holds);
}

export function same(name, found, wanted) {
    const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
    return check(name, left === right, `found  ${left}\nwanted ${right}`);
}

/** The plan and the exit code; a run that broke off has failed as well. */
export function finish(error) {
    if (error) {
        check("the walk comes to its end", false, error.stack);
    }
    console.log(`1..${number}`);
    process.exitCode = failed === 0 ? 0 : 1;
}
