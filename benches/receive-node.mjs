// What a team would write in Node instead, for `benches/receive`: the middleware of @octokit/webhooks, which verifies and
// parses, with one insert into PostgreSQL for each delivery (`octokit`), or probot, which stores nothing (`probot`).
//
//     PEERS=folder node receive-node.mjs octokit|probot PORT SECRET [DATABASE]
//
// PEERS is a folder with their packages: npm install @octokit/webhooks probot pg. One process, as `muster serve` is.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [manner, port, secret, database] = process.argv.slice(2);
const load = createRequire(`${process.env.PEERS}/receive.js`);
const path = "/api/v2/webhooks/github";

async function octokit() {
  const { Webhooks, createNodeMiddleware } = load("@octokit/webhooks");
  const { Pool } = load("pg");
  const pool = new Pool({ connectionString: database, max: 10 });
  await pool.query("create table if not exists peer_deliveries (id bigserial primary key, guid text unique, event text, hash bytea, body text)");
  await pool.query("truncate peer_deliveries");
  const webhooks = new Webhooks({ secret });
  webhooks.onAny(async ({ id, name, payload }) => {
    const body = JSON.stringify(payload);
    const hash = createHash("sha256").update(body).digest();
    await pool.query({
      name: "record",
      text: "insert into peer_deliveries (guid, event, hash, body) values ($1, $2, $3, $4) on conflict do nothing",
      values: [id, name, hash, body],
    });
  });
  return createNodeMiddleware(webhooks, { path, log: { debug() {}, info() {}, warn() {}, error: console.error } });
}

async function probot() {
  const { Probot, createNodeMiddleware } = load("probot");
  const { generateKeyPairSync } = await import("node:crypto");
  const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" });
  const app = new Probot({ appId: 1, privateKey, secret, logLevel: "fatal" });
  return createNodeMiddleware((robot) => robot.onAny(async () => {}), { probot: app, webhooksPath: path });
}

const middleware = await { octokit, probot }[manner]();
createServer((request, response) => middleware(request, response)).listen(Number(port), "127.0.0.1");
