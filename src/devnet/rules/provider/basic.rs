//! What is refused of a message before the state is looked at.

use super::refusals;
use crate::chain::wire::base::Attribute;
use crate::chain::wire::provider::{
    Info, MsgConfirmDomainVerification, MsgCreateProvider, MsgDeleteProvider, MsgGenerateDomainVerificationToken,
    MsgRequestDomainVerification, MsgRevokeDomainVerification, MsgUpdateProvider, MsgVerifyProviderDomain,
};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{attributes, auth};
use crate::domain::network::Network;
use std::net::Ipv6Addr;

/// `MsgCreateProvider`.
pub fn create_provider(network: &Network, message: &MsgCreateProvider) -> Result<(), Refusal> {
    check(network, "MsgCreate", &message.owner, &message.host_uri, &message.attributes, &message.info)
}

/// `MsgUpdateProvider`.
pub fn update_provider(network: &Network, message: &MsgUpdateProvider) -> Result<(), Refusal> {
    check(network, "MsgUpdate", &message.owner, &message.host_uri, &message.attributes, &message.info)
}

/// `MsgDeleteProvider`.
pub fn delete_provider(network: &Network, message: &MsgDeleteProvider) -> Result<(), Refusal> {
    check_owner(network, "MsgDelete", &message.owner)
}

fn check(
    network: &Network,
    message: &str,
    owner: &str,
    host: &str,
    declared: &[Attribute],
    info: &Info,
) -> Result<(), Refusal> {
    check_host(host)?;
    check_owner(network, message, owner)?;
    attributes::check(network, declared, attributes::Keys::Declared)?;
    if !info.website.is_empty() && is_unreadable(&info.website) {
        return Err(refusals::invalid_website());
    }
    Ok(())
}

fn check_owner(network: &Network, message: &str, owner: &str) -> Result<(), Refusal> {
    auth::bytes_of(network, owner)
        .map(drop)
        .map_err(|_| Refusal::sdk(7, format!("{message}: Invalid Provider Address: invalid address")))
}

/// `https://host[:port]` and nothing after it.
fn check_host(uri: &str) -> Result<(), Refusal> {
    let invalid = |text: String| Err(refusals::invalid_host().wrap(text));
    if is_unreadable(uri) {
        return Err(refusals::invalid_host());
    }
    let Some((scheme, rest)) = uri.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(refusals::not_absolute().wrap(format!("validating {uri:?} for absolute URI")));
    };
    if !scheme.eq_ignore_ascii_case("https") {
        return invalid(format!("scheme in {uri:?} should be https"));
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match rest.strip_prefix("//") {
        Some(after) => after.split_at(after.find('/').unwrap_or(after.len())),
        None => ("", rest),
    };
    if host.is_empty() {
        return invalid(format!("validating {uri:?} for valid host"));
    }
    let (user, place) = host.rsplit_once('@').unwrap_or(("", host));
    if !is_user(user) || !is_host(place) {
        return Err(refusals::invalid_host());
    }
    if !path.is_empty() {
        return invalid(format!("path in {uri:?} should be empty"));
    }
    Ok(())
}

/// What Go's `url.Parse` takes for a host: a name, or an address of IPv6 in brackets, and perhaps a port.
fn is_host(text: &str) -> bool {
    let is_port = |text: &str| {
        text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if let Some(inside) = text.strip_prefix('[') {
        let Some((address, port)) = inside.rsplit_once(']') else { return false };
        // A zone may follow: `[fe80::1%25eth0]`.
        let address = address.split_once("%25").map_or(address, |(address, _)| address);
        return address.parse::<Ipv6Addr>().is_ok() && is_port(port);
    }
    let (name, port) = text.split_at(text.rfind(':').unwrap_or(text.len()));
    let fine = |byte: u8| byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:<>\"".contains(&byte);
    is_port(port)
        && escapes_are_whole(name, |first| first >= b'8')
        && name.bytes().all(|byte| fine(byte) || byte == b'%')
}

/// What Go takes for a user in front of a host.
fn is_user(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte))
        && escapes_are_whole(text, |_| true)
}

/// Whether two hexadecimal digits follow each `%`, the first of them one that is let through.
fn escapes_are_whole(text: &str, lets: fn(u8) -> bool) -> bool {
    text.split('%').skip(1).all(|after| match after.as_bytes() {
        [first, second, ..] => first.is_ascii_hexdigit() && second.is_ascii_hexdigit() && lets(*first),
        _ => false,
    })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// What no URL can be: control characters, spaces before a path, a colon in front.
fn is_unreadable(text: &str) -> bool {
    let authority = text.split_once("//").map_or(text, |(_, rest)| rest).split('/').next().unwrap_or_default();
    text.chars().any(char::is_control) || authority.contains(' ') || text.starts_with(':')
}

/// `MsgGenerateDomainVerificationToken`.
pub fn generate_domain_verification_token(
    network: &Network,
    message: &MsgGenerateDomainVerificationToken,
) -> Result<(), Refusal> {
    check_owner(network, "MsgGenerateDomainVerificationToken", &message.owner)
}

/// `MsgVerifyProviderDomain`.
pub fn verify_provider_domain(network: &Network, message: &MsgVerifyProviderDomain) -> Result<(), Refusal> {
    check_owner(network, "MsgVerifyProviderDomain", &message.owner)
}

/// `MsgRequestDomainVerification`.
pub fn request_domain_verification(network: &Network, message: &MsgRequestDomainVerification) -> Result<(), Refusal> {
    check_owner(network, "MsgRequestDomainVerification", &message.owner)
}

/// `MsgConfirmDomainVerification`.
pub fn confirm_domain_verification(network: &Network, message: &MsgConfirmDomainVerification) -> Result<(), Refusal> {
    check_owner(network, "MsgConfirmDomainVerification", &message.owner)
}

/// `MsgRevokeDomainVerification`.
pub fn revoke_domain_verification(network: &Network, message: &MsgRevokeDomainVerification) -> Result<(), Refusal> {
    check_owner(network, "MsgRevokeDomainVerification", &message.owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_https_and_a_host() {
        for good in [
            "https://provider.example.com",
            "https://provider.example.com:8443",
            "https://[::1]:8443",
            "https://[fe80::1%25eth0]",
            "https://[::1]:",
            "https://user:word@provider.example.com",
        ] {
            check_host(good).unwrap_or_else(|refusal| panic!("{good}: {}", refusal.text()));
        }
        let cases = [
            ("http://p.example.com", 1, r#"scheme in "http://p.example.com" should be https: "#),
            ("https://p.example.com/", 1, r#"path in "https://p.example.com/" should be empty: "#),
            ("https:p.example.com", 1, r#"validating "https:p.example.com" for valid host: "#),
            ("p.example.com", 2, r#"validating "p.example.com" for absolute URI: "#),
            ("https://p.example.com:port", 1, ""),
            ("https://p example.com", 1, ""),
            ("https://[::1", 1, ""),
            ("https://::1]", 1, ""),
            ("https://[::1]x", 1, ""),
            ("https://[p.example.com]", 1, ""),
            ("https://[::1]:port", 1, ""),
            ("https://p{}.example.com", 1, ""),
            ("https://p%zz.example.com", 1, ""),
            ("https://us er@p.example.com", 1, ""),
        ];
        for (uri, code, words) in cases {
            let refusal = check_host(uri).unwrap_err();
            assert_eq!(refusal.code, code, "{uri}");
            let text = if code == 2 { "not absolute host uri" } else { "invalid host uri" };
            assert_eq!(refusal.text(), format!("{words}invalid provider: {text}"));
        }
    }
}
