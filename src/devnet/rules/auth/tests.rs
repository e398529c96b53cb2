use super::*;
use crate::chain::wire::cosmos::auth::QueryAccountRequest;
use crate::devnet::context::Profile;
use crate::devnet::kv::MemoryKv;
use crate::domain::network::Name;
use jiff::Timestamp;

#[test]
fn accounts_get_numbers_in_turn_and_modules_say_who_they_are() {
    let kv = &mut MemoryKv::new();
    let network = Name::Virtengine.facts();
    let mut context = Context::new(kv, network, Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
    for (number, address) in [[1u8; 20], [2; 20], [1; 20]].into_iter().enumerate() {
        assert_eq!(ensure(&mut context, &address).unwrap().account_number, [0, 1, 0][number]);
    }
    make_module_accounts(&mut context).unwrap();
    let ask = |address: &str| account(&context, &QueryAccountRequest { address: address.to_owned() });
    // As recorded: the account that fees go to.
    let answer = ask("ve17xpfvakm2amg962yls6f84z3kell8c5lvyc5y4").unwrap().account.unwrap();
    assert_eq!(answer.type_url, "/cosmos.auth.v1beta1.ModuleAccount");
    assert!(ask("ve1xyz").is_err());
    let nobody = of_bytes(network, &[9; 20]);
    assert_eq!(ask(&nobody).unwrap_err().message, format!("account {nobody} not found"));
}
