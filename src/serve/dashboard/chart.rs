//! Small charts in SVG: bars and shares. Colours are the style sheet's, by class; every chart says in words what it shows.

use std::fmt::Write as _;

use super::html::escape;

/// The height of a chart of bars, in its own units.
const HEIGHT: u64 = 60;

/// The width of a bar and of the gap behind it.
const BAR: (u64, u64) = (14, 6);

/// One bar: what it is called, what it says, and how high it is in thousandths of the highest.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) thousandths: u64,
}

/// Bars beside each other, with their names and values as titles.
pub(super) fn bars(label: &str, bars: &[Bar]) -> String {
    let count = u64::try_from(bars.len()).unwrap_or_default();
    let width = count.saturating_mul(BAR.0 + BAR.1).max(1);
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" aria-label=\"{}\" preserveAspectRatio=\"none\">",
        escape(label)
    );
    for (place, bar) in (0_u64..).zip(bars) {
        let x = place.saturating_mul(BAR.0 + BAR.1).saturating_add(BAR.1 / 2);
        // What is not nothing is seen.
        let high = bar.thousandths.min(1000).saturating_mul(HEIGHT).div_ceil(1000);
        let y = HEIGHT.saturating_sub(high);
        let (name, value) = (escape(&bar.name), escape(&bar.value));
        // Writing into a String cannot fail.
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{high}\" rx=\"1\"><title>{name}: {value}</title></rect>",
            BAR.0
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A share of a whole, in percent; more than the whole fills it.
pub(super) fn share(label: &str, percent: u64) -> String {
    let (shown, level) = (percent.min(100), if percent >= 90 { "high" } else { "usual" });
    format!(
        "<svg class=\"share\" viewBox=\"0 0 100 8\" role=\"img\" aria-label=\"{}: {percent} percent\" preserveAspectRatio=\"none\">\
         <rect class=\"whole\" width=\"100\" height=\"8\" rx=\"2\"/>\
         <rect class=\"part {level}\" width=\"{shown}\" height=\"8\" rx=\"2\"/></svg>",
        escape(label)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_high_as_their_share() {
        let bar = |name: &str, thousandths| Bar { name: name.into(), value: "1".into(), thousandths };
        let svg = bars("a <b>", &[bar("mon", 0), bar("tue", 1), bar("wed", 500), bar("thu", 1000), bar("fri", 9999)]);
        let heights: Vec<&str> = svg.split(" height=\"").skip(1).map(|part| part.split('"').next().unwrap()).collect();
        assert_eq!(heights, ["0", "1", "30", "60", "60"]);
        assert!(svg.contains("aria-label=\"a &lt;b&gt;\"") && svg.contains("<title>wed: 1</title>"), "{svg}");
        assert!(bars("none", &[]).contains("viewBox=\"0 0 1 60\""));
    }

    #[test]
    fn a_share_is_never_wider_than_the_whole() {
        assert!(share("cpu", 40).contains("class=\"part usual\" width=\"40\""));
        let over = share("cpu", 250);
        assert!(over.contains("class=\"part high\" width=\"100\"") && over.contains("cpu: 250 percent"), "{over}");
    }
}
