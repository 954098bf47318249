// The real provider, npm's oidc-provider, on this machine: `node provider.mjs PORT HOUSE ALGORITHM`. Anybody signs in as who they
// say they are. POST /test/rotate gives it new keys; the sessions stay.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const [port, house, algorithm] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
let generation = 0;

function keys() {
    generation++;
    const made = {
        RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
        PS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
        ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
        EdDSA: () => generateKeyPairSync("ed25519"),
    }[algorithm]();
    return [{ ...made.privateKey.export({ format: "jwk" }), kid: `key-${generation}`, use: "sig", alg: algorithm }];
}

function begin() {
    return new Provider(issuer, {
        clients: [{
            client_id: "dianji",
            client_secret: "a secret: 100% of it/+",
            redirect_uris: [`${house}/sign-in/single/return`],
            post_logout_redirect_uris: [`${house}/`],
            backchannel_logout_uri: `${house}/sign-in/single/logout`,
            backchannel_logout_session_required: true,
            id_token_signed_response_alg: algorithm,
        }],
        jwks: { keys: keys() },
        cookies: { keys: ["for tests alone"] },
        claims: { openid: ["sub", "identity_no"] },
        conformIdTokenClaims: false,
        enabledJWA: { idTokenSigningAlgValues: [algorithm] },
        features: { backchannelLogout: { enabled: true } },
        pkce: { required: () => true },
        findAccount: (_, id) => ({
            accountId: id,
            claims: () => ({ sub: id, ...(/^\d{17}[\dX]$/.test(id) ? { identity_no: id } : {}) }),
        }),
    });
}

let handle = begin().callback();
createServer((request, response) => {
    if (request.method === "POST" && request.url === "/test/rotate") {
        handle = begin().callback();
        response.end("ok");
    } else {
        handle(request, response);
    }
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
