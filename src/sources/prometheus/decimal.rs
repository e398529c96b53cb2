//! Prometheus's numbers, exactly: decimal texts, perhaps with an exponent.

/// The whole part of `value × factor`; `None` for what is no finite number (`NaN`, `+Inf`) or is beyond 128 bits.
pub(super) fn scaled(text: &str, factor: i128) -> Option<i128> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) || fraction.len() > 400 {
        return None;
    }
    // value = digits × 10^places
    let all: String = [whole, fraction].concat();
    let places = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let trimmed = all.trim_start_matches('0');
    if trimmed.is_empty() {
        return Some(0);
    }
    let magnitude = if places >= 0 {
        let zeros = u32::try_from(places).ok()?;
        trimmed.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(zeros)?)?.checked_mul(factor)?
    } else {
        // The factor first, so that the cut comes last.
        let cut = usize::try_from(places.unsigned_abs()).ok()?;
        let keep = trimmed.len().min(cut.saturating_add(36));
        if trimmed.len() > keep {
            return None;
        }
        let small = cut.saturating_sub(18);
        // Digits that no factor brings above one unit.
        let kept = trimmed.get(..trimmed.len().checked_sub(small)?).unwrap_or_default();
        let cut = u32::try_from(cut - small).ok()?;
        let number = if kept.is_empty() { 0 } else { kept.parse::<i128>().ok()? };
        number.checked_mul(factor)?.checked_div(10_i128.checked_pow(cut)?)?
    };
    Some(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_prometheus_writes_them() {
        for (text, factor, value) in [
            ("0", 1000, 0),
            ("12", 1000, 12_000),
            ("12.3456789", 1000, 12_345),
            ("1.5e+09", 1, 1_500_000_000),
            ("1.234567891e+09", 1, 1_234_567_891),
            ("1.5e-05", 1000, 0),
            ("0.001", 1000, 1),
            ("2.5e-3", 1000, 2),
            ("-3.7", 1, -3),
            ("9.223372036854775807e+18", 1, i128::from(i64::MAX)),
            ("1e+30", 1, 10_i128.pow(30)),
        ] {
            assert_eq!(scaled(text, factor), Some(value), "{text}");
        }
        for text in ["", "NaN", "+Inf", "-Inf", ".", "1.2.3", "1e", "0x10", "1e+99", " 1"] {
            assert_eq!(scaled(text, 1), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whole_numbers_are_exact(number in 0i128..10_i128.pow(18), factor in 1i128..1000) {
            prop_assert_eq!(scaled(&number.to_string(), factor), Some(number * factor));
        }

        #[test]
        fn thousandths_are_cut(number in 0i128..10_i128.pow(15), thousandths in 0i128..1000) {
            let text = format!("{number}.{thousandths:03}");
            prop_assert_eq!(scaled(&text, 1), Some(number));
            prop_assert_eq!(scaled(&text, 1000), Some(number * 1000 + thousandths));
        }

        #[test]
        fn no_text_panics(text in "[0-9eE+.-]{0,60}|.{0,20}") {
            let _ = scaled(&text, 1000);
        }
    }
}
