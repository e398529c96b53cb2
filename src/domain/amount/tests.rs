//! The decimal against a big-number crate, and tables for the texts.

use super::{Coin, Dec18, DecCoin, Denom, Error, Int, Rounding};
use num_bigint::{BigInt, BigUint, Sign};
use proptest::prelude::*;

const ROUNDINGS: [Rounding; 3] = [Rounding::Down, Rounding::Up, Rounding::HalfEven];

fn one() -> BigInt {
    BigInt::from(10u8).pow(18)
}

fn big(value: Dec18) -> BigInt {
    value.to_wire().parse().unwrap()
}

/// What the decimal should be: `None` beyond 256 bits.
fn dec(value: &BigInt) -> Option<Dec18> {
    (value.bits() <= 256).then(|| Dec18::from_wire(value.to_string()).unwrap())
}

/// Division with rounding, written another way than the product's: on floor and doubled remainders.
fn oracle_divide(dividend: &BigInt, divisor: &BigInt, rounding: Rounding) -> BigInt {
    let sign = if (dividend.sign() == Sign::Minus) == (divisor.sign() == Sign::Minus) { 1 } else { -1 };
    let (n, d): (&BigUint, &BigUint) = (dividend.magnitude(), divisor.magnitude());
    let rounded = match rounding {
        Rounding::Down => n / d,
        Rounding::Up => (n + d - 1u8) / d,
        Rounding::HalfEven => {
            let nearest_up = (n * 2u8 + d) / (d * 2u8);
            let tie = (n * 2u8) % d == BigUint::ZERO && (n * 2u8 / d) % 2u8 == BigUint::from(1u8);
            if tie && &nearest_up % 2u8 == BigUint::from(1u8) { nearest_up - 1u8 } else { nearest_up }
        }
    };
    BigInt::from(rounded) * sign
}

/// Small and huge magnitudes alike, and values next to the places where rounding turns.
fn any_dec() -> impl Strategy<Value = Dec18> {
    let small = any::<i128>().prop_map(Dec18::from_scaled);
    let tiny = (-40i128..40).prop_map(Dec18::from_scaled);
    let halves = (-1_000i128..1_000, -2i128..3)
        .prop_map(|(units, off)| Dec18::from_scaled(units * 500_000_000_000_000_000 + off));
    let wide =
        (any::<bool>(), proptest::array::uniform32(any::<u8>()), 0usize..32).prop_map(|(negative, bytes, cut)| {
            let magnitude = BigInt::from_bytes_be(Sign::Plus, bytes.get(cut..).unwrap());
            dec(&if negative { -magnitude } else { magnitude }).unwrap()
        });
    prop_oneof![small, tiny, halves, wide]
}

proptest! {
    #[test]
    fn sums_agree_with_the_oracle(a in any_dec(), b in any_dec()) {
        prop_assert_eq!(a.checked_add(b).ok(), dec(&(big(a) + big(b))));
        prop_assert_eq!(a.checked_sub(b).ok(), dec(&(big(a) - big(b))));
    }

    #[test]
    fn products_agree_with_the_oracle(a in any_dec(), b in any_dec()) {
        for rounding in ROUNDINGS {
            let expected = oracle_divide(&(big(a) * big(b)), &one(), rounding);
            prop_assert_eq!(a.checked_mul(b, rounding).ok(), dec(&expected), "{:?}", rounding);
        }
    }

    #[test]
    fn quotients_agree_with_the_oracle(a in any_dec(), b in any_dec()) {
        for rounding in ROUNDINGS {
            if b.is_zero() {
                prop_assert_eq!(a.checked_div(b, rounding), Err(Error::DivisionByZero));
            } else {
                let expected = oracle_divide(&(big(a) * one()), &big(b), rounding);
                prop_assert_eq!(a.checked_div(b, rounding).ok(), dec(&expected), "{:?}", rounding);
            }
        }
    }

    #[test]
    fn rounding_agrees_with_the_oracle(a in any_dec(), places in 0usize..21) {
        for rounding in ROUNDINGS {
            let step = BigInt::from(10u8).pow(u32::try_from(18usize.saturating_sub(places)).unwrap());
            let expected = oracle_divide(&big(a), &step, rounding) * step;
            prop_assert_eq!(a.round(places, rounding).ok(), dec(&expected), "{:?}", rounding);

            let whole = oracle_divide(&big(a), &one(), rounding);
            let int = a.to_int(rounding);
            if whole.sign() == Sign::Minus {
                prop_assert!(matches!(int, Err(Error::Negative { .. })), "{:?}", int);
            } else {
                prop_assert_eq!(int.unwrap().to_string(), whole.to_string());
            }
        }
    }

    #[test]
    fn order_agrees_with_the_oracle(a in any_dec(), b in any_dec()) {
        prop_assert_eq!(a.cmp(&b), big(a).cmp(&big(b)));
        prop_assert_eq!(a == b, big(a) == big(b));
    }

    #[test]
    fn every_text_reads_back(a in any_dec()) {
        prop_assert_eq!(a.to_string().parse::<Dec18>().unwrap(), a);
        prop_assert_eq!(a.fixed().to_string().parse::<Dec18>().unwrap(), a);
        prop_assert_eq!(Dec18::from_wire(a.to_wire()).unwrap(), a);
        prop_assert_eq!(serde_json::from_str::<Dec18>(&serde_json::to_string(&a).unwrap()).unwrap(), a);
        let shown = a.to_string();
        prop_assert!(!shown.contains('.') || !shown.ends_with('0'), "{} is not the shortest", shown);
    }

    #[test]
    fn no_text_panics(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = text.parse::<Dec18>();
        let _ = text.parse::<Coin>();
        let _ = text.parse::<DecCoin>();
        let _ = Dec18::from_wire(&bytes);
        let _ = Int::from_wire(&bytes);
    }

    #[test]
    fn whole_amounts_agree_with_the_oracle(a in any::<[u8; 32]>(), b in any::<[u8; 32]>(), cut in 0usize..32) {
        let (x, y) = (BigUint::from_bytes_be(&a), BigUint::from_bytes_be(b.get(cut..).unwrap()));
        let int = |value: &BigUint| (value.bits() <= 256).then(|| value.to_string().parse::<Int>().unwrap());
        let (i, j) = (int(&x).unwrap(), int(&y).unwrap());
        prop_assert_eq!(i.checked_add(j).ok(), int(&(&x + &y)));
        prop_assert_eq!(i.checked_mul(j).ok(), int(&(&x * &y)));
        prop_assert_eq!(i.checked_sub(j).ok(), (x >= y).then(|| int(&(&x - &y)).unwrap()));
        for rounding in ROUNDINGS {
            if !j.is_zero() {
                let expected = oracle_divide(&x.clone().into(), &y.clone().into(), rounding);
                prop_assert_eq!(i.checked_div(j, rounding).unwrap().to_string(), expected.to_string());
            }
        }
    }
}

#[test]
fn decimals_have_one_spelling() {
    let good = [
        ("0", "0", "0"),
        ("0.000001", "1000000000000", "0.000001"),
        ("1.50", "1500000000000000000", "1.5"),
        ("-0.5", "-500000000000000000", "-0.5"),
        ("-0", "0", "0"),
        ("0.000000000000000001", "1", "0.000000000000000001"),
        ("12", "12000000000000000000", "12"),
    ];
    for (text, wire, shown) in good {
        let value: Dec18 = text.parse().unwrap();
        assert_eq!((value.to_wire().as_str(), value.to_string().as_str()), (wire, shown), "{text}");
    }
    for text in ["", "-", ".5", "1.", "+1", "1e3", "01", " 1", "1 ", "1_000", "1,5", "1.2.3", "--1", "0x10", "١", "-.5"]
    {
        assert!(matches!(text.parse::<Dec18>(), Err(Error::Malformed { .. })), "{text:?} was taken");
    }
    assert!(matches!("0.0000000000000000001".parse::<Dec18>(), Err(Error::TooPrecise { .. })));
    assert!(matches!("1".repeat(77).parse::<Dec18>(), Err(Error::Overflow { .. })));
    assert_eq!("1.5".parse::<Dec18>().unwrap().fixed().to_string(), "1.500000000000000000");
    assert_eq!("-0.5".parse::<Dec18>().unwrap().fixed().to_string(), "-0.500000000000000000");
}

#[test]
fn wire_payloads_are_strict() {
    for field in ["", "-", "1.5", "+1", "007", "0x10", " 1", "1e3"] {
        assert!(Dec18::from_wire(field).is_err(), "{field:?} was taken as a decimal");
        assert!(Int::from_wire(field).is_err(), "{field:?} was taken as a whole amount");
    }
    assert!(Int::from_wire("-1").is_err());
    assert_eq!(Int::from_wire(b"1500").unwrap(), Int::from(1500u64));
    assert_eq!(Dec18::from_wire("0").unwrap().to_wire(), "0");
    assert_eq!(Int::MAX.to_string().parse::<Int>().unwrap(), Int::MAX);
    let beyond = "115792089237316195423570985008687907853269984665640564039457584007913129639936";
    assert!(beyond.parse::<Int>().is_err());
}

#[test]
fn ties_go_to_the_even_neighbour() {
    let half: Dec18 = "0.5".parse().unwrap();
    for (steps, down, up, even) in [(1i128, 0i128, 1i128, 0i128), (3, 1, 2, 2), (5, 2, 3, 2), (-3, -1, -2, -2)] {
        let value = Dec18::from_scaled(steps);
        let got = ROUNDINGS.map(|rounding| value.checked_mul(half, rounding).unwrap());
        assert_eq!(got, [down, up, even].map(Dec18::from_scaled), "{steps} steps halved");
    }
}

#[test]
fn coins_read_and_show() {
    let coin: Coin = "500000uve".parse().unwrap();
    assert_eq!((coin.amount, coin.denom.as_str(), coin.to_string().as_str()), (500_000u64.into(), "uve", "500000uve"));
    let price: DecCoin = "0.025uve".parse().unwrap();
    assert_eq!((price.amount.to_wire().as_str(), price.to_string().as_str()), ("25000000000000000", "0.025uve"));
    assert_eq!("7ibc/27394FB0-x:y.z_".parse::<Coin>().unwrap().denom, "ibc/27394FB0-x:y.z_");
    for text in ["", "uve", "1", "1 uve", "1.5uve", "-1uve", "1uv", "1é", "1uve,2uve", "1uv€", "01uve"] {
        assert!(text.parse::<Coin>().is_err(), "{text:?} was taken as a coin");
    }
    for text in ["", "uve", "0.025", "-0.5uve", "0.5 uve", ".5uve", "1e3uve "] {
        assert!(text.parse::<DecCoin>().is_err(), "{text:?} was taken as a price");
    }
    assert!("a".repeat(128).parse::<Denom>().is_ok());
    assert!("a".repeat(129).parse::<Denom>().is_err());
}

#[test]
fn coins_add_within_one_denomination() {
    let (a, b): (Coin, Coin) = ("3uve".parse().unwrap(), "5uve".parse().unwrap());
    assert_eq!(a.checked_add(&b).unwrap().to_string(), "8uve");
    assert_eq!(b.checked_sub(&a).unwrap().to_string(), "2uve");
    assert!(matches!(a.checked_sub(&b), Err(Error::Negative { .. })));
    assert!(matches!(a.checked_add(&"1uakt".parse().unwrap()), Err(Error::DenominationsDiffer { .. })));
    let price: DecCoin = "2.5uve".parse().unwrap();
    assert_eq!(price.checked_sub(&"3uve".parse().unwrap()).unwrap().to_string(), "-0.5uve");
    assert_eq!(price.to_coin(Rounding::HalfEven).unwrap().to_string(), "2uve");
    assert_eq!(price.to_coin(Rounding::Up).unwrap().to_string(), "3uve");
}

#[test]
fn a_hostile_text_is_quoted_short() {
    let error = "9".repeat(100_000).parse::<Int>().unwrap_err().to_string();
    assert!(error.len() < 200, "{} bytes", error.len());
}

proptest! {
    #[test]
    fn whole_multiples_and_parts_are_those_of_decimals(scaled: i128, number in 1u64..) {
        let value = Dec18::from_scaled(scaled);
        let factor = Dec18::from(number);
        let times = value.checked_times(u128::from(number)).unwrap();
        prop_assert_eq!(times, value.checked_mul(factor, Rounding::Down).unwrap());
        for rounding in ROUNDINGS {
            let part = value.checked_part(u128::from(number), rounding).unwrap();
            prop_assert_eq!(part, value.checked_div(factor, rounding).unwrap());
            prop_assert_eq!(times.checked_part(u128::from(number), rounding).unwrap(), value);
        }
        prop_assert!(value.checked_part(0, Rounding::Up).is_err());
    }
}
