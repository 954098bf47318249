// A provider that signs what it is told to, for tokens that no honest one gives: `node forger.mjs PORT`.
//   POST /test/next   {header, claims, key, sign}: the next token; `key` is a name, `sign` "none", "public" (HS256 with the public
//                     key as its secret), "other" (another key under the same name), or absent: as it should be
//   POST /test/sign   the same, answered with the token itself
//   POST /test/known  the names of the keys that /keys tells
//   POST /test/say    members of the description that are to be otherwise
//   POST /test/ill    by path, how its answers are ill: {wait: ms}, {bytes: N}, {text}, {status}; {}: they are well
//   GET  /test/asked  the last request of a token
import { createServer } from "node:http";
import { constants, createHmac, generateKeyPairSync, sign } from "node:crypto";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const pairs = {};
let known = ["a"], token = "", asked = {}, other = {}, ill = {}, count = 0;

function pair(name, kind) {
    const make = {
        RSA: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
        weak: () => generateKeyPairSync("rsa", { modulusLength: 1024 }),
        EC: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
        OKP: () => generateKeyPairSync("ed25519"),
    };
    pairs[name] ??= make[kind]();
    return pairs[name];
}

const KINDS = { a: "RSA", b: "RSA", e: "EC", d: "OKP", w: "weak" };
const base64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function signature(algorithm, key, text) {
    if (algorithm === "ES256")
        return sign("sha256", text, { key, dsaEncoding: "ieee-p1363" });
    if (algorithm === "PS256")
        return sign("sha256", text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    return sign(algorithm === "EdDSA" ? null : "sha256", text, key);
}

function make({ header, claims, key, sign: manner }) {
    const text = `${base64({ kid: key, ...header })}.${base64(claims)}`;
    const { publicKey, privateKey } = pair(manner === "other" ? `${key}-other` : key, KINDS[key]);
    const pem = publicKey.export({ format: "pem", type: "spki" });
    const signed = manner === "none" ? Buffer.alloc(0)
        : manner === "public" ? createHmac("sha256", pem).update(text).digest()
            : signature(header.alg, privateKey, Buffer.from(text));
    return `${text}.${signed.toString("base64url")}`;
}

const describe = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    end_session_endpoint: `${issuer}/end`,
    code_challenge_methods_supported: ["S256"],
    ...other,
});

const keys = () => ({
    keys: known.map((name) => ({ ...pair(name, KINDS[name]).publicKey.export({ format: "jwk" }), kid: name, use: "sig" })),
});

const ANSWERS = {
    "GET /.well-known/openid-configuration": () => describe(),
    "GET /keys": () => (count++, keys()),
    "GET /test/asked": () => ({ ...asked, keys: count }),
    "POST /token": (body, request) => {
        asked = { body, authorization: request.headers.authorization };
        return { access_token: "unused", token_type: "Bearer", id_token: token };
    },
    "POST /test/next": (body) => ({ token: token = make(JSON.parse(body)) }),
    "POST /test/sign": (body) => ({ token: make(JSON.parse(body)) }),
    "POST /test/known": (body) => ({ known: known = JSON.parse(body) }),
    "POST /test/ill": (body) => ({ ill: ill = JSON.parse(body) }),
    "POST /test/say": (body) => ({ other: other = JSON.parse(body) }),
};

createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request)
        body += chunk;
    const answer = ANSWERS[`${request.method} ${request.url}`];
    response.statusCode = answer ? 200 : 404;
    response.setHeader("Content-Type", "application/json");
    const { wait, bytes, text, status } = ill[request.url] ?? {};
    if (wait)
        await new Promise((done) => setTimeout(done, wait));
    response.statusCode = status ?? response.statusCode;
    response.end(bytes ? "x".repeat(bytes) : text ?? JSON.stringify(answer ? answer(body, request) : {}));
}).listen(port, "127.0.0.1", () => console.log("ready"));
