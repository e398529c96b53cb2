//! The codes of the chain's modules. Both networks number them alike; what only one of them answers is said there.

use super::codes::codes;

codes! {
    /// Codespace `sdk`: transactions themselves. The codes with a reason of their own are not here.
    pub enum Sdk {
        2 MalformedTransaction Invalid "the bytes are no transaction";
        3 InvalidSequence Invalid "the sequence is none";
        6 UnknownRequest Invalid "it does not know such a message";
        7 InvalidAddress Invalid "an address is malformed";
        8 WrongSigner Invalid "the key that signed is not the one that the message asks for";
        9 UnknownAddress NotFound "an account that should pay or sign does not exist";
        10 InvalidCoins Invalid "an amount is malformed";
        12 MemoTooLarge Invalid "the memo is too long";
        14 TooManySignatures Invalid "there are too many signatures";
        15 NoSignatures Invalid "a signature is missing";
        16 JsonMarshal Invalid "it could not write its answer";
        17 JsonUnmarshal Invalid "a part of the transaction is malformed";
        18 InvalidRequest Invalid "the message is malformed";
        20 MempoolFull Unavailable "the node's queue of transactions is full";
        21 TransactionTooLarge Invalid "the transaction is too large";
        22 KeyNotFound NotFound "there is no such key in its state";
        24 InvalidSigner Invalid "the signer is not the one that the message asks for";
        25 InvalidGasAdjustment Invalid "the gas adjustment is none";
        26 InvalidHeight Invalid "it has no state of that height";
        27 InvalidVersion Invalid "the version is none that it knows";
        28 InvalidChainId Invalid "the transaction is for another chain";
        29 InvalidType Invalid "a message is of another type than it should be";
        31 UnknownExtension Invalid "it does not know an option of the transaction";
        33 PackAny Bug "it could not pack a message";
        34 UnpackAny Invalid "it could not unpack a message";
        35 Logic Bug "its own logic failed";
        36 Conflict Invalid "the message contradicts itself: a bid on an own order, or a bid number";
        37 NotSupported Invalid "it does not support that (unordered transactions, for one)";
        38 NotFound NotFound "there is no such thing in its state";
        39 Io Unavailable "it could not read or write";
        40 AppConfig Invalid "its own configuration is wrong";
        41 InvalidGasLimit Invalid "the gas limit is none";
    }
}

codes! {
    /// Codespace `ratelimit` (VirtEngine): refused attempts count as well.
    pub enum RateLimit {
        1 Account Conflict "the signer has sent too many transactions in this block; refused ones count";
        2 Identity Conflict "there are too many identity transactions in this block";
        3 Block Conflict "there are too many transactions in this block";
        4 Parameters Invalid "the limits of transactions are wrong";
    }
}

codes! {
    /// Codespace `mfa` (VirtEngine).
    pub enum Mfa {
        1214 Required Denied "the message needs a second factor that it has no field for";
    }
}

codes! {
    /// Codespace `market`: orders, bids, leases.
    pub enum Market {
        1 EmptyProvider Invalid "the bid names no provider";
        2 SameAccount Invalid "tenant and provider are one account";
        3 Internal Bug "the market failed internally";
        4 BidOverOrder Invalid "the bid asks more than the order pays";
        5 AttributeMismatch Denied "the provider does not have the attributes that the order asks for";
        6 UnknownBid NotFound "there is no such bid";
        7 UnknownLease NotFound "there is no such lease";
        8 UnknownLeaseForBid NotFound "the bid has no lease: it is lost or closed";
        9 UnknownOrderForBid NotFound "the bid's order does not exist";
        10 LeaseNotActive Conflict "the lease is not active any more";
        11 BidNotActive Conflict "the bid is not active";
        12 BidNotOpen Conflict "the bid is not open any more";
        13 OrderNotOpen Conflict "the order is not open any more";
        14 NoLeaseForOrder NotFound "the order has no lease";
        15 OrderNotFound NotFound "there is no such order";
        16 GroupNotFound NotFound "there is no such group";
        17 GroupNotOpen Conflict "the group is paused or closed, so its order can have no lease";
        18 BidNotFound NotFound "there is no such bid";
        19 ZeroPrice Invalid "the price is zero";
        20 LeaseNotFound NotFound "there is no such lease";
        21 BidExists Conflict "the provider has bid on this order before, and one bid an order is all there is, for ever";
        22 InvalidPrice Invalid "the price is not valid; on Akash also: it is above the order's";
        23 OrderActive Conflict "the order has its lease already";
        24 OrderClosed Conflict "the order is closed";
        25 OrderExists Conflict "there is such an order already";
        26 OrderDurationExceeded Conflict "the order has waited too long";
        27 OrderTooEarly Conflict "the order does not take bids yet";
        28 InvalidDeposit Denied "the deposit is not valid, or the balance does not cover it";
        29 InvalidParameter Invalid "a parameter of the market is not valid";
        30 UnknownProvider Denied "the account is not registered as a provider";
        31 InvalidBid Denied "the bid is not valid, or the order has as many bids as it takes";
        32 CapabilitiesMismatch Denied "the provider's attributes do not promise the storage or GPUs that the order asks for";
        33 InvalidClosedReason Invalid "the reason for closing is not one that a provider may give (10000 to 19999)";
        34 InvalidEscrowId Invalid "the escrow id is malformed";
    }
}

codes! {
    /// Codespace `deployment`.
    pub enum Deployment {
        1 NameDoesNotExist NotFound "there is no such name";
        2 InvalidRequest Invalid "the request is malformed";
        3 Exists Conflict "there is such a deployment already";
        4 NotFound NotFound "there is no such deployment";
        5 Closed Conflict "the deployment is closed";
        6 OwnerMissing Invalid "the deployment has no owner";
        7 InvalidGroups Invalid "the groups are not valid";
        8 InvalidId Invalid "the deployment's id is malformed";
        9 EmptyHash Invalid "the manifest's hash is missing";
        10 InvalidHash Invalid "the manifest's hash is not 32 bytes, or the one before";
        11 Internal Bug "the deployment module failed internally";
        12 Invalid Invalid "the deployment is not valid";
        13 InvalidGroupId Invalid "the group's id is malformed";
        14 GroupNotFound NotFound "there is no such group";
        15 GroupClosed Conflict "the group is closed";
        16 GroupOpen Conflict "the group is open already";
        17 GroupPaused Conflict "the group is paused already";
        18 GroupNotOpen Conflict "the group is not open";
        19 GroupSpec Invalid "what the group asks for is not valid";
        20 InvalidDeposit Denied "the deposit is too small or not valid";
        21 InvalidIdPath Invalid "the path of the id is malformed";
        22 InvalidParameter Invalid "a parameter of deployments is not valid";
        23 InvalidEscrowId Invalid "the escrow id is malformed";
    }
}

codes! {
    /// Codespace `provider`: the register of providers.
    pub enum Provider {
        1 InvalidUri Invalid "the provider's address must be https://host or https://host:port, without a path";
        2 NotAbsoluteUri Invalid "the provider's address is not a whole URI";
        3 NotFound NotFound "the account is not registered as a provider";
        4 Exists Conflict "the account is registered as a provider already";
        5 InvalidAddress Invalid "the provider's account address is malformed";
        6 Attributes Invalid "the attributes are not valid: a key is malformed, or there twice";
        7 IncompatibleAttributes Conflict "the attributes do not fit the leases that the provider has";
        8 InvalidWebsite Invalid "the website's address is malformed";
        9 Internal Bug "the provider module failed internally";
        10 NotImplemented Invalid "this chain does not do that";
        11 VerificationScore Denied "the account's identity score is below what a provider needs";
        12 MfaSession Denied "registering needs a live session of a second factor";
        20 InvalidPublicKey Invalid "the public key is malformed";
        21 InvalidKeyType Invalid "the public key is of a type that it does not take";
        22 KeyNotFound NotFound "the provider has no public key there";
        23 RotationSignature Denied "the signature for the new key is wrong";
        24 ActiveLeases Conflict "the provider still has active leases";
        30 InvalidDomain Invalid "the domain is malformed";
        31 VerificationNotFound NotFound "there is no verification of that domain";
        32 VerificationFailed Denied "the domain could not be verified";
        33 VerificationExpired Conflict "the token of the verification has expired";
    }
}

codes! {
    /// Codespace `escrow`: deposits and payments of deployments and bids.
    pub enum Escrow {
        1 AccountExists Conflict "there is such an escrow account already";
        2 AccountClosed Conflict "the escrow account is closed";
        3 AccountNotFound NotFound "there is no such escrow account";
        4 AccountOverdrawn Denied "the tenant's escrow account is overdrawn";
        5 InvalidDenomination Invalid "the escrow account holds another denomination";
        6 PaymentExists Conflict "there is such a payment already";
        7 PaymentClosed Conflict "the payment is closed: all of it was paid out";
        8 PaymentNotFound NotFound "there is no such payment";
        9 RateZero Invalid "the rate of the payment is zero";
        10 InvalidPayment Invalid "the payment is not valid";
        11 InvalidSettlement Invalid "the settlement is not valid";
        12 InvalidId Invalid "the escrow id is malformed";
        13 InvalidAccount Invalid "the escrow account is not valid";
        14 InvalidDepositor Invalid "the depositor is not valid";
        15 UnauthorizedScope Denied "the grant is not for deposits of this kind";
        16 InvalidDeposit Invalid "the deposit is not valid";
        17 InvalidGrantScope Invalid "the grant's scope is not valid";
    }
}

codes! {
    /// Codespace `settlement` (VirtEngine): 1 to 7 before execution, 1500 and more in it.
    pub enum Settlement {
        1 MalformedAddress Invalid "an address is malformed";
        2 MalformedEscrow Invalid "the settlement escrow's id is malformed";
        3 MalformedAmount Invalid "an amount is not valid";
        4 MalformedSettlement Invalid "the settlement is malformed";
        5 MalformedUsage Invalid "the usage record is malformed: units, period or type";
        6 MalformedSignature Invalid "the signature is missing";
        7 MalformedReward Invalid "the reward is malformed";
        1500 InvalidEscrow Invalid "the settlement escrow is not valid";
        1501 EscrowNotFound NotFound "the order has no settlement escrow: the tenant has not made one";
        1502 EscrowExists Conflict "the order has a settlement escrow already";
        1503 EscrowTransition Conflict "the settlement escrow is not in a state for that";
        1504 InsufficientFunds Denied "the funds do not cover it (or the escrow's number is taken by a deployment)";
        1505 Unauthorized Denied "only the provider that the escrow names may do that, once the escrow is active";
        1506 InvalidSettlement Invalid "the settlement is not valid";
        1507 SettlementNotFound NotFound "there is no such settlement";
        1508 SettlementExists Conflict "there is such a settlement already";
        1512 InvalidUsage Invalid "the usage record is not valid";
        1513 UsageNotFound NotFound "there is no such usage record";
        1514 UsageExists Conflict "there is such a usage record already";
        1515 AlreadySettled Conflict "the usage record is settled already";
        1517 ConditionsNotMet Conflict "the escrow's conditions are not met";
        1518 EscrowExpired Conflict "the settlement escrow has expired";
        1519 EscrowNotActive Conflict "the settlement escrow is not active";
        1521 InvalidAddress Invalid "an address is malformed";
        1522 InvalidAmount Invalid "an amount is not valid";
        1523 Disputed Conflict "the settlement escrow is disputed";
        1524 InvalidSignature Invalid "the signature is not valid";
        1525 InvalidParameters Invalid "the parameters of settlement are not valid";
        1529 LeaseNotFound NotFound "there is no such lease";
    }
}

codes! {
    /// Codespace `encryption` (VirtEngine): recipient keys.
    pub enum Encryption {
        1300 InvalidAddress Invalid "an address is malformed";
        1301 InvalidPublicKey Invalid "the public key is not valid, or the account has as many keys as it may have";
        1302 KeyNotFound NotFound "there is no such recipient key";
        1303 KeyExists Conflict "the recipient key is registered already";
        1304 KeyRevoked Conflict "the recipient key is revoked";
        1305 InvalidEnvelope Invalid "the envelope is malformed";
        1306 UnsupportedAlgorithm Invalid "the algorithm is none that it takes";
        1307 UnsupportedVersion Invalid "the version is none that it takes";
        1308 InvalidSignature Invalid "the signature is not valid";
        1312 Unauthorized Denied "the key belongs to another account";
        1313 NotRecipient Denied "the account is not a recipient";
        1314 InvalidFingerprint Invalid "the key's fingerprint is malformed";
        1315 TooManyRecipients Invalid "the envelope has too many recipients";
        1323 KeyDeprecated Conflict "the recipient key was replaced by a newer one";
        1324 KeyExpired Conflict "the recipient key has expired";
        1326 UnauthorizedAccess Denied "the account may not do that";
    }
}

codes! {
    /// Codespace `cert`: certificates.
    pub enum Certificate {
        1 NotFound NotFound "there is no such certificate";
        2 InvalidAddress Invalid "the owner's address is malformed, or not the certificate's common name";
        3 Exists Invalid "the certificate is published already";
        4 AlreadyRevoked Conflict "the certificate is revoked already";
        5 InvalidSerial Invalid "the serial number is malformed";
        6 InvalidCertificate Invalid "the certificate is not what the chain takes (PEM, self-signed, ECDSA)";
        7 InvalidPublicKey Invalid "the certificate's public key is not what the chain takes (PEM, ECDSA)";
        8 InvalidState Invalid "the certificate's state is none";
        9 InvalidKeySize Invalid "the certificate's key has a size that the chain does not take";
    }
}

codes! {
    /// Codespace `audit`: audited attributes.
    pub enum Audit {
        1 ProviderNotFound NotFound "no auditor vouches for this provider";
        2 InvalidAddress Invalid "an address is malformed";
        3 AttributeNotFound NotFound "there is no such audited attribute";
    }
}

codes! {
    /// Codespace `resources` (VirtEngine): heartbeats and inventories.
    pub enum Resources {
        1 InvalidRequest Invalid "the request is malformed";
        2 InventoryNotFound NotFound "there is no such inventory";
        3 NoneEligible NotFound "no inventory can take it";
        4 AllocationNotFound NotFound "there is no such allocation";
        5 InvalidState Conflict "the allocation is not in a state for that";
        6 Unauthorized Denied "the inventory belongs to another provider";
        7 StaleHeartbeat Conflict "a heartbeat with this number or a later one is there already";
        8 InvalidParameters Invalid "the parameters of resources are not valid";
    }
}

codes! {
    /// Codespaces `virtengine` and `akash`: attributes and deposits as such.
    pub enum Base {
        1 DuplicateAttributeKeys Invalid "an attribute's key is there twice";
        2 InvalidAttributeKey Invalid "an attribute's key is malformed";
        3 InvalidDepositor Invalid "the depositor is not valid";
        4 InvalidDepositSource Invalid "the source of the deposit is none";
    }
}
