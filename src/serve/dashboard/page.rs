//! The page: one document, from what the state file says at this moment.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::chart::{Bar, bars, share};
use super::html::escape;
use crate::domain::amount::{Dec18, Rounding};
use crate::jobs::dashboard::{Daily, Dashboard, Fired, JobStanding, Revenue, Utilization};

/// How often the page is asked for anew, in seconds, where the person at it lets it.
pub(super) const REFRESH: u64 = 15;

/// The document. `refreshes`: it is asked for anew by itself, until somebody stops that.
pub(super) fn page(dashboard: &Dashboard, now: Timestamp, refreshes: bool) -> String {
    let refresh =
        if refreshes { format!("<meta http-equiv=\"refresh\" content=\"{REFRESH}\">") } else { String::new() };
    let (link, words) = if refreshes {
        ("/?refresh=off", format!("stop refreshing (every {REFRESH} s)"))
    } else {
        ("/", "refresh by itself".to_owned())
    };
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">{refresh}\
         <title>Provider</title><link rel=\"stylesheet\" href=\"/dashboard.css\"></head><body>\
         <a class=\"skip\" href=\"#main\">To the content</a>\
         <header><h1>Provider</h1><p>as of <time datetime=\"{now:.0}\">{now:.0}</time> · <a href=\"{link}\">{words}</a></p>\
         </header><main id=\"main\">"
    );
    text.push_str(&overview(dashboard));
    text.push_str(&section("Workloads", "workloads", &counts("state", &dashboard.workloads)));
    text.push_str(&section("Bids", "bids", &bidding(dashboard)));
    text.push_str(&section("Revenue", "revenue", &revenue(&dashboard.revenue, &dashboard.daily)));
    text.push_str(&section("Utilization", "utilization", &utilization(&dashboard.utilization)));
    text.push_str(&section("Alerts", "alerts", &alerts(&dashboard.alerts)));
    text.push_str(&section("Jobs", "jobs", &jobs(&dashboard.jobs)));
    text.push_str("</main></body></html>\n");
    text
}

/// A part of the page, which its heading names.
fn section(title: &str, id: &str, content: &str) -> String {
    format!("<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>{content}</section>")
}

fn tile(name: &str, value: &str, is_bad: bool) -> String {
    let class = if is_bad { "tile bad" } else { "tile" };
    format!("<div class=\"{class}\"><dt>{name}</dt><dd>{}</dd></div>", escape(value))
}

fn overview(dashboard: &Dashboard) -> String {
    let of = |state: &str| dashboard.workloads.iter().find(|(word, _)| *word == state).map_or(0, |(_, many)| *many);
    let failing = dashboard.jobs.iter().filter(|job| is_bad(job)).count();
    let open = dashboard.alerts.iter().filter(|alert| alert.until.is_none()).count();
    let won = dashboard.bidding.fill_percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"));
    let mut tiles = vec![
        tile("Running workloads", &of("running").to_string(), false),
        tile("Failed workloads", &of("failed").to_string(), of("failed") > 0),
        tile("Active leases", &dashboard.leases_active.to_string(), false),
        tile("Bids won in 24 h", &won, false),
        tile("Escrow warnings", &dashboard.escrow_warnings.to_string(), dashboard.escrow_warnings > 0),
        tile("Open alerts", &open.to_string(), open > 0),
        tile("Failing jobs", &failing.to_string(), failing > 0),
    ];
    if let Some(certificate) = &dashboard.certificate {
        let days = certificate.days_left.map_or_else(|| "unreadable".to_owned(), |days| format!("{days} days"));
        tiles.push(tile("Certificate", &days, certificate.days_left.is_none_or(|days| days < 14)));
    }
    format!("<dl class=\"tiles\" aria-label=\"Overview\">{}</dl>", tiles.concat())
}

fn table(caption: &str, headings: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return "<p class=\"none\">none</p>".to_owned();
    }
    let head: String = headings.iter().map(|heading| format!("<th scope=\"col\">{heading}</th>")).collect();
    let mut body = String::new();
    for row in rows {
        body.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let open = if place == 0 { "th scope=\"row\"" } else { "td" };
            let close = if place == 0 { "th" } else { "td" };
            // Writing into a String cannot fail.
            let _ = write!(body, "<{open}>{}</{close}>", escape(cell));
        }
        body.push_str("</tr>");
    }
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\"><table><caption>{caption}</caption>\
         <thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
}

fn counts(of: &str, counts: &[(&'static str, u64)]) -> String {
    let highest = counts.iter().map(|(_, many)| *many).max().unwrap_or_default().max(1);
    let bar = |(word, many): &(&'static str, u64)| Bar {
        name: (*word).to_owned(),
        value: many.to_string(),
        thousandths: many.saturating_mul(1000).checked_div(highest).unwrap_or_default(),
    };
    let rows: Vec<Vec<String>> = counts.iter().map(|(word, many)| vec![(*word).to_owned(), many.to_string()]).collect();
    let shown: Vec<Bar> = counts.iter().map(bar).collect();
    let chart = if shown.is_empty() { String::new() } else { bars(&format!("by {of}"), &shown) };
    format!("{chart}{}", table(&format!("By {of}"), &[of, "number"], &rows))
}

fn bidding(dashboard: &Dashboard) -> String {
    let bidding = &dashboard.bidding;
    let mut text = counts("state", &bidding.bids);
    if let Some(percent) = bidding.fill_percent {
        let _ = write!(
            text,
            "<p>{} of {} decided in 24 h were won ({percent}%)</p>{}",
            bidding.won_24h,
            bidding.decided_24h,
            share("Bids won", percent)
        );
    }
    if let Some(milliseconds) = bidding.average_milliseconds {
        let (seconds, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
        let verdict = if milliseconds <= bidding.target_milliseconds { "within" } else { "beyond" };
        let target = bidding.target_milliseconds / 1000;
        let _ = write!(text, "<p>{seconds}.{tenths} s on average to the chain, {verdict} the target of {target} s</p>");
    }
    text
}

fn revenue(revenue: &[Revenue], daily: &[Daily]) -> String {
    let rows: Vec<Vec<String>> = revenue
        .iter()
        .map(|one| {
            let growth = one.growth_percent.as_ref().map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"));
            vec![one.denom.clone(), one.last_24h.clone(), one.the_24h_before.clone(), growth]
        })
        .collect();
    let mut text = table("The last day", &["coin", "last 24 h", "the 24 h before", "growth"], &rows);
    for one in daily {
        let amounts: Vec<Dec18> = one.days.iter().map(|(_, sum)| sum.parse().unwrap_or(Dec18::ZERO)).collect();
        let highest = amounts.iter().copied().max().unwrap_or(Dec18::ZERO);
        let shown: Vec<Bar> = one
            .days
            .iter()
            .zip(&amounts)
            .map(|((day, sum), amount)| Bar {
                name: day.clone(),
                value: format!("{sum}{}", one.denom),
                thousandths: thousandths(*amount, highest),
            })
            .collect();
        let label = format!("{} by day, the last {} days", one.denom, one.days.len());
        let _ = write!(text, "<h3>{}</h3>{}", escape(&label), bars(&label, &shown));
    }
    text
}

/// The part that an amount is of the highest, in thousandths.
fn thousandths(amount: Dec18, highest: Dec18) -> u64 {
    let part = amount.checked_times(1000).and_then(|times| times.checked_div(highest, Rounding::HalfEven));
    let whole = part.and_then(|part| part.to_int(Rounding::Down));
    whole.ok().and_then(|whole| u64::try_from(whole).ok()).unwrap_or_default()
}

fn utilization(utilization: &[Utilization]) -> String {
    let mut text = String::new();
    for one in utilization {
        let Some(percent) = one.percent else { continue };
        let _ = write!(text, "<p>{}: {percent}% is leased</p>{}", one.resource, share(one.resource, percent));
    }
    if text.is_empty() {
        "<p class=\"none\">the configuration says nothing of what is sold</p>".to_owned()
    } else {
        text
    }
}

fn alerts(alerts: &[Fired]) -> String {
    let row = |alert: &Fired| {
        let until = alert.until.clone().unwrap_or_else(|| "still".to_owned());
        vec![alert.summary.clone(), alert.severity.to_owned(), alert.since.clone(), until]
    };
    let rows: Vec<Vec<String>> = alerts.iter().map(row).collect();
    table("The newest alerts", &["alert", "severity", "since", "until"], &rows)
}

fn is_bad(job: &JobStanding) -> bool {
    matches!(job.outcome, "failed" | "killed")
}

fn jobs(jobs: &[JobStanding]) -> String {
    let row = |job: &JobStanding| {
        let ago = job.seconds_ago.map_or_else(|| "running".to_owned(), ago);
        vec![job.job.clone(), job.outcome.to_owned(), ago]
    };
    let rows: Vec<Vec<String>> = jobs.iter().map(row).collect();
    table("The last run of each job", &["job", "outcome", "ended"], &rows)
}

fn ago(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s ago"),
        120..7200 => format!("{} min ago", seconds / 60),
        7200..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::dashboard::Bidding;

    fn dashboard() -> Dashboard {
        Dashboard {
            workloads: vec![("running", 3), ("failed", 1)],
            usage_records: vec![],
            bidding: Bidding {
                bids: vec![("won", 2)],
                won_24h: 2,
                decided_24h: 4,
                fill_percent: Some(50),
                average_milliseconds: Some(1200),
                target_milliseconds: 5000,
            },
            leases_active: 3,
            closed_leases: vec![],
            escrow_warnings: 1,
            revenue: vec![],
            daily: vec![Daily {
                denom: "uve".into(),
                days: vec![("2026-11-21".into(), "0".into()), ("2026-11-22".into(), "2.5".into())],
            }],
            utilization: vec![Utilization { resource: "cpu", used: "1".into(), total: "4".into(), percent: Some(25) }],
            alerts: vec![Fired {
                id: 1,
                severity: "critical",
                summary: "</table><script>alert(1)</script>".into(),
                since: "2026-11-22T00:00:00Z".into(),
                until: None,
            }],
            jobs: vec![JobStanding {
                job: "bid-run".into(),
                outcome: "failed",
                ended_at: None,
                seconds_ago: Some(300),
            }],
            certificate: None,
        }
    }

    fn now() -> Timestamp {
        "2026-11-22T04:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_page_holds_everything_and_nothing_from_elsewhere() {
        let text = page(&dashboard(), now(), true);
        for said in
            ["Running workloads", "50%", "uve by day", "cpu: 25% is leased", "bid-run", "5 min ago", "1.2 s on average"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("<script") && text.contains("&lt;script&gt;"), "{text}");
        // Nothing is fetched from anywhere else, and nothing in it is a style or a program of its own.
        for foreign in ["http://", "https://", "src=", "style=", "onclick", "url("] {
            assert!(!text.contains(foreign), "{foreign}");
        }
        assert!(text.contains("http-equiv=\"refresh\" content=\"15\"") && text.contains("/?refresh=off"));
        assert!(!page(&dashboard(), now(), false).contains("http-equiv=\"refresh\""));
    }

    #[test]
    fn every_part_has_a_name_for_those_who_do_not_see_it() {
        let text = page(&dashboard(), now(), false);
        assert!(text.contains("<html lang=\"en\">") && text.contains("class=\"skip\" href=\"#main\""));
        for svg in text.split("<svg").skip(1) {
            let tag = svg.split('>').next().unwrap();
            assert!(tag.contains("role=\"img\"") && tag.contains("aria-label=\""), "{tag}");
        }
        for section in text.split("<section aria-labelledby=\"").skip(1) {
            let id = section.split('"').next().unwrap();
            assert!(text.contains(&format!("<h2 id=\"{id}\">")), "{id}");
        }
        let opened = |tag: &str| text.matches(&format!("<{tag}")).count();
        let closed = |tag: &str| text.matches(&format!("</{tag}>")).count();
        for tag in ["section", "table", "tr", "svg", "dl", "dd", "main", "h2"] {
            assert_eq!(opened(&format!("{tag} ")) + opened(&format!("{tag}>")), closed(tag), "{tag}");
        }
    }

    #[test]
    fn an_empty_provider_has_a_page_too() {
        let empty = Dashboard {
            workloads: vec![],
            daily: vec![],
            utilization: vec![],
            alerts: vec![],
            jobs: vec![],
            ..dashboard()
        };
        let text = page(&empty, now(), true);
        assert!(text.contains("<p class=\"none\">none</p>") && !text.contains("NaN"), "{text}");
        assert_eq!(thousandths(Dec18::ZERO, Dec18::ZERO), 0);
    }
}
