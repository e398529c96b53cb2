// Makes fixtures/vectors/amino-vectors.json: node amino-vectors.mjs > ../../fixtures/vectors/amino-vectors.json, beside
// a node_modules with @cosmjs/stargate 0.39.0. The messages' bytes come from chain-vectors.json (other encoders'), or
// from CosmJS; the documents from CosmJS's own makeSignDoc and serializeSignDoc. MsgSend goes through CosmJS's own
// converter; the values of the others are written out here by the rules of the SDK's x/tx/signing/aminojson.
import { makeSignDoc, serializeSignDoc, Secp256k1HdWallet } from "@cosmjs/amino";
import { AminoTypes, createDefaultAminoConverters, defaultRegistryTypes } from "@cosmjs/stargate";
import { Registry } from "@cosmjs/proto-signing";
import { readFileSync } from "fs";

const vectors = JSON.parse(readFileSync(new URL("../../fixtures/vectors/chain-vectors.json", import.meta.url)));
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const owner = "ve1vtad8680vhdfqvxx0f2yaxa6agdylelmyn8y87", provider = "ve1r5v5srda7xfth3hn2s26txvrcrntldju8ku0ch";
const id = { owner, dseq: "1748293", gseq: 1, oseq: 1, provider };
const attribute = (key, value) => ({ key, value });
const values = {
  MsgCreateBid: {
    id,
    price: { denom: "uve", amount: "0.001437000000000000" },
    deposit: { amount: { denom: "uve", amount: "500000" }, sources: [1] },
    resources_offer: [{
      count: 2,
      resources: {
        id: 1,
        cpu: { units: { val: "MTUwMA==" }, attributes: [attribute("arch", "amd64")] },
        memory: { quantity: { val: "MjE0NzQ4MzY0OA==" } },
        storage: [
          { name: "default", quantity: { val: "MTA3Mzc0MTgyNDA=" } },
          { name: "data", quantity: { val: "NTM2ODcwOTEyMDA=" }, attributes: [attribute("class", "beta3"), attribute("persistent", "true")] },
        ],
        gpu: { units: { val: "MQ==" }, attributes: [attribute("vendor/nvidia/model/a100", "true")] },
        endpoints: [{}, { kind: 1 }],
      },
    }],
  },
  MsgCloseBid: { id, reason: 10001 },
  MsgWithdrawLease: { id },
  MsgCloseLease: { id, reason: 10000 },
  MsgCreateLease: { bid_id: id },
  MsgCreateProvider: {
    owner: provider, host_uri: "https://provider.example.com:8443",
    attributes: [attribute("region", "us-east"), attribute("tier", "community")],
    info: { email: "ops@example.com", website: "https://example.com" },
  },
};
const messages = [];
for (const m of vectors.messages) {
  const name = m.type.split(".").pop();
  if (values[name]) messages.push({ type_url: "/" + m.type, hex: m.hex, amino: { type: "/" + m.type, value: values[name] } });
}
const registry = new Registry(defaultRegistryTypes), types = new AminoTypes(createDefaultAminoConverters());
const send = { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: { fromAddress: owner, toAddress: provider, amount: [{ denom: "uve", amount: "123" }, { denom: "uzz", amount: "4" }] } };
messages.push({ type_url: send.typeUrl, hex: hex(registry.encode(send)), amino: types.toAmino(send) });
const empty = { typeUrl: send.typeUrl, value: { ...send.value, amount: [] } };
messages.push({ type_url: send.typeUrl, hex: hex(registry.encode(empty)), amino: types.toAmino(empty) });

const wallet = await Secp256k1HdWallet.fromMnemonic(vectors.mnemonic, { prefix: "ve" });
const [account] = await wallet.getAccounts();
const documents = [];
const document = async (label, which, fee, memo, number, sequence, timeout) => {
  const chosen = which.map((index) => messages[index]);
  const doc = makeSignDoc(chosen.map((m) => m.amino), fee, "virtengine-1", memo, number, sequence, timeout);
  const signed = await wallet.signAmino(account.address, doc);
  documents.push({
    label, chain_id: "virtengine-1", account_number: number, sequence, memo, timeout_height: Number(timeout ?? 0), fee,
    messages: which, sign_bytes: Buffer.from(serializeSignDoc(doc)).toString("utf8"), signature: signed.signature.signature,
  });
};
const fee = { amount: [{ denom: "uve", amount: "5000" }], gas: "200000" };
const last = messages.length - 2;
await document("a send", [last], fee, "", 7, 0);
await document("no coins, no fee", [last + 1], { amount: [], gas: "0" }, "", 0, 0);
await document("memo with everything to escape, a limit in height", [last], fee, "a<b>&c \"q\" \\ \t é", 7, 41, 1748400n);
await document("another pays, by a grant", [last], { ...fee, granter: owner, payer: provider }, "", 7, 3);
for (let index = 0; index < last; index++) await document(messages[index].type_url, [index], fee, "", 7, 1);
await document("two of a kind", [0, 2], { amount: [{ denom: "uve", amount: "12500" }], gas: "500000" }, "provider/1 run 20", 7, 41, 1748400n);
console.log(JSON.stringify({
  note: "Sign documents of SIGN_MODE_LEGACY_AMINO_JSON by CosmJS 0.39 (tests/clients/amino-vectors.mjs says how). The key is the first of the phrase in chain-vectors.json.",
  messages: messages.map(({ type_url, hex }) => ({ type_url, hex })), documents,
}, null, 1));
