/* The program for the browser's tests: its commands, and a server whose clock can be set. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const PASSWORD = "dianji-2025";
/** What people choose where the program asks for a password of their own. */
export const OWN_PASSWORD = "five words nobody else has";
const PROGRAM = process.env.DIANJI ?? resolve(ROOT, "build/dianji");
const DATABASE = process.env.DIANJI_DB;

export const engine = DATABASE.startsWith("sqlite:") ? "sqlite" : "postgres";

/** Runs a command of the program; its standard output. */
export function dianji(...words) {
    const done = spawnSync(PROGRAM, [...words, "--db", DATABASE], { cwd: ROOT, encoding: "utf8" });
    if (done.status !== 0) {
        throw new Error(`dianji ${words[0]}: ${done.stderr}`);
    }
    return done.stdout;
}

async function freePort() {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address();
    listener.close();
    await once(listener, "close");
    return port;
}

/** One server on one port; `at` starts it again with another day and hour. */
export class House {
    static async open() {
        const house = new House();
        house.port = await freePort();
        house.address = `http://127.0.0.1:${house.port}`;
        return house;
    }

    async at(clock) {
        this.clock = clock;
        await this.close();
        const words = ["serve", "--db", DATABASE, "--listen", `127.0.0.1:${this.port}`,
            "--address-requests", "0", "--account-requests", "0"];
        this.process = spawn(PROGRAM, [...words, "--clock", `${clock}:00+08:00`], {
            cwd: ROOT,
            stdio: ["ignore", 2, 2],
        });
        for (let tries = 0; tries < 500; tries++) {
            if (this.process.exitCode !== null) {
                throw new Error(`dianji serve ended with ${this.process.exitCode}`);
            }
            try {
                if ((await fetch(`${this.address}/healthz`)).ok) {
                    return;
                }
            } catch {
                await wait(20);
            }
        }
        throw new Error("dianji serve does not answer");
    }

    async close() {
        if (this.process?.exitCode === null) {
            this.process.kill("SIGTERM");
            await once(this.process, "exit");
        }
    }
}
