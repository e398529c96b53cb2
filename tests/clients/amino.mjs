// CosmJS with keys that sign JSON, as hardware wallets do, and with an account of three keys of which two sign:
// amino.mjs RPC_URL PREFIX DENOM, beside a node_modules with @cosmjs/stargate 0.39.0. Fails with an exception.
import { Secp256k1Wallet, createMultisigThresholdPubkey, pubkeyToAddress } from "@cosmjs/amino";
import { GasPrice, SigningStargateClient, assertIsDeliverTxSuccess, calculateFee } from "@cosmjs/stargate";
import { encodePubkey } from "@cosmjs/proto-signing";
import { MultiSignature } from "cosmjs-types/cosmos/crypto/multisig/v1beta1/multisig";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { AuthInfo, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { createHash } from "crypto";
const [rpc, prefix, denom] = process.argv.slice(2);
const key = (name) => createHash("sha256").update("provider-drive:" + name).digest();
const gasPrice = GasPrice.fromString("0.025" + denom);
const wallet = await Secp256k1Wallet.fromKey(key("tenant"), prefix);
const [tenant] = await wallet.getAccounts();
const client = await SigningStargateClient.connectWithSigner(rpc, wallet, { gasPrice });
if ("signDirect" in wallet) throw new Error("this wallet must sign JSON only");

// Keys that are new to the chain: of one account, and of none.
const members = await Promise.all(["first", "second", "third"].map((name) => Secp256k1Wallet.fromKey(key("amino " + name), prefix)));
const accounts = await Promise.all(members.map(async (member) => (await member.getAccounts())[0]));
const pubkeys = accounts.map(({ pubkey }) => ({ type: "tendermint/PubKeySecp256k1", value: Buffer.from(pubkey).toString("base64") }));
const several = createMultisigThresholdPubkey(pubkeys, 2, true);
const address = pubkeyToAddress(several, prefix);

const sent = await client.sendTokens(tenant.address, address, [{ denom, amount: "1000000" }], "auto", "<json> & more");
assertIsDeliverTxSuccess(sent);
console.log("one key, as JSON:", sent.gasUsed);

const { accountNumber, sequence } = await client.getAccount(address);
const chainId = await client.getChainId();
const messages = [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value: { fromAddress: address, toAddress: tenant.address, amount: [{ denom, amount: "7" }] } }];
const fee = calculateFee(200000, gasPrice);
const signed = await Promise.all([0, 2].map(async (index) => {
  const signer = await SigningStargateClient.offline(members[index]);
  return [accounts[index].address, await signer.sign(accounts[index].address, messages, fee, "two of three", { accountNumber, sequence, chainId })];
}));
// CosmJS's makeMultisignedTxBytes fails in its own bech32 here (0.39.0), so its parts are put together one by one.
const authInfoBytes = AuthInfo.encode({
  signerInfos: [{
    publicKey: encodePubkey(several), sequence: BigInt(sequence),
    modeInfo: { multi: {
      bitarray: { extraBitsStored: 3, elems: Uint8Array.of(0b1010_0000) },
      modeInfos: signed.map(() => ({ single: { mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON } })),
    } },
  }],
  fee: { amount: [...fee.amount], gasLimit: BigInt(fee.gas), payer: "", granter: "" },
}).finish();
const together = MultiSignature.encode({ signatures: signed.map(([, { signatures }]) => signatures[0]) }).finish();
const bytes = TxRaw.encode({ bodyBytes: signed[0][1].bodyBytes, authInfoBytes, signatures: [together] }).finish();
const broadcast = await client.broadcastTx(bytes);
assertIsDeliverTxSuccess(broadcast);
console.log("two of three keys, as JSON:", broadcast.gasUsed, (await client.getAccount(address)).pubkey.type);
