// What our commands did, seen by a client that nobody here wrote: CosmJS.
//   node sees.mjs RPC DENOMINATION SENDER RECEIVER AMOUNT SEND_HASH REGISTER_HASH HOST_URI
// Needs @cosmjs/stargate and @cosmjs/tendermint-rpc; fails with an exception if it does not see it.
import { StargateClient } from "@cosmjs/stargate";
import { connectComet } from "@cosmjs/tendermint-rpc";

const [rpc, denomination, sender, receiver, amount, sendHash, registerHash, hostUri] = process.argv.slice(2);
const insist = (what, found, wanted) => {
  if (found !== wanted) throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
};

const client = await StargateClient.connect(rpc);
insist("the receiver's balance", (await client.getBalance(receiver, denomination)).amount, amount);
for (const [what, hash] of [["the payment", sendHash], ["the registration", registerHash]]) {
  const tx = await client.getTx(hash);
  if (!tx) throw new Error(`${what}: there is no transaction ${hash}`);
  insist(`${what}'s code`, tx.code, 0);
  insist(`${what}'s hash`, tx.hash, hash);
}
const transfers = await client.searchTx([{ key: "transfer.recipient", value: receiver }]);
insist("payments found by their receiver", transfers.map((tx) => tx.hash).join(), sendHash);
const account = await client.getAccount(sender);
if (account.sequence < 2) throw new Error(`the sender's sequence: ${account.sequence}`);

// The register has no query in CosmJS: the plain one, QueryProviderRequest{1: owner}.
const comet = await connectComet(rpc);
const owner = new TextEncoder().encode(sender);
const data = new Uint8Array([0x0a, owner.length, ...owner]);
const path = "/virtengine.provider.v1beta4.Query/Provider";
const answer = await comet.abciQuery({ path, data });
insist("the code of the register's answer", answer.code, 0);
if (!Buffer.from(answer.value).includes(hostUri)) throw new Error(`the register does not name ${hostUri}`);
console.log("seen");
