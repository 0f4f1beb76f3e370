// npm's dnsbl over many addresses.  usage: node dnsbl.mjs MODULES SERVER:PORT ADDRESSES ZONES
// Prints "ADDRESS ZONE" of each listing.
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [modules, server, addresses, zones] = process.argv.slice(2);
const {batch} = await import(pathToFileURL(`${modules}/dnsbl/index.js`).href);
const words = path => readFileSync(path, "utf8").split(/\s+/).filter(Boolean);

const found = await batch(words(addresses), words(zones), {servers: [server], concurrency: 200});
const lines = found.filter(one => one.listed).map(one => `${one.address} ${one.blacklist}\n`);
process.stdout.write(lines.join(""));
