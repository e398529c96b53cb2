//! The coarse reasons.

/// The coarse reasons: the marketplace manual's four codes and those that it has no word for. They are metric labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// We lack capacity.
    InsufficientResources,
    /// Our price is above the order's maximum.
    PriceTooHigh,
    /// Attributes, auditors or capabilities do not match.
    InvalidAttributes,
    /// The market takes no bid from us on this order, or on any.
    ProviderBlocked,
    /// Our own filters refuse the order.
    Filtered,
    /// We have no price for the order's denomination.
    UnsupportedDenomination,
    /// We have no price for what is asked.
    NoPrice,
    /// The order, its deployment or its group takes no more bids.
    OrderGone,
    /// The escrow pays too little, or for too short or too long a time.
    Funding,
    /// A limit is reached; the order is looked at again later.
    LimitReached,
    /// The order cannot be read.
    Malformed,
    /// What would decide could not be read.
    Unseen,
}

impl Code {
    /// Every code.
    pub const ALL: &'static [Self] = &[
        Self::InsufficientResources,
        Self::PriceTooHigh,
        Self::InvalidAttributes,
        Self::ProviderBlocked,
        Self::Filtered,
        Self::UnsupportedDenomination,
        Self::NoPrice,
        Self::OrderGone,
        Self::Funding,
        Self::LimitReached,
        Self::Malformed,
        Self::Unseen,
    ];

    /// The word in stored rows, output and metric labels.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InsufficientResources => "insufficient_resources",
            Self::PriceTooHigh => "price_too_high",
            Self::InvalidAttributes => "invalid_attributes",
            Self::ProviderBlocked => "provider_blocked",
            Self::Filtered => "filtered",
            Self::UnsupportedDenomination => "unsupported_denomination",
            Self::NoPrice => "no_price",
            Self::OrderGone => "order_gone",
            Self::Funding => "funding",
            Self::LimitReached => "limit_reached",
            Self::Malformed => "malformed",
            Self::Unseen => "unseen",
        }
    }

    /// What an operator can do about it; the first four are the marketplace manual's words.
    pub const fn action(self) -> &'static str {
        match self {
            Self::InsufficientResources => "scale the infrastructure, or see `provider resources status`",
            Self::PriceTooHigh => "lower the pricing",
            Self::InvalidAttributes => "update the provider's attributes, or the filters",
            Self::ProviderBlocked => "see `provider info`, and what the chain refuses: `provider tx list`",
            Self::Filtered => "change bidding.filters, if such orders are wanted",
            Self::UnsupportedDenomination => "give a price list or a rate for the denomination",
            Self::NoPrice => "complete the price list",
            Self::OrderGone => "nothing: the tenant withdrew it",
            Self::Funding => "nothing: it is the tenant's escrow",
            Self::LimitReached => "nothing: it is looked at again; or raise the limit",
            Self::Malformed => "nothing: the order makes no sense",
            Self::Unseen => "nothing: it is asked for again; `provider chain status` says how the nodes are",
        }
    }
}
