//! `provider tls generate`

use std::path::PathBuf;

use clap::Args;

use super::certificate_entry::{CertificateEntry, Files};
use crate::cli::output::FormatOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::tls_generate::{self, Request};

/// Make a certificate for the provider's own server
///
/// Writes server.crt and server.key. Signed by its own key unless --ca: then an authority is made once, ca.crt and
/// ca.key, and signs every renewal, with --ca or without, so that clients who trust ca.crt need not be told. Keys are ECDSA P-256, their files
/// are for their owner only.
#[derive(Debug, Args)]
pub struct Generate {
    /// A name or address of the server; more than one with commas between them, or with the option again
    #[arg(long, value_name = "HOST", required = true, value_delimiter = ',')]
    hostname: Vec<String>,

    /// The folder to write to; `tls` beside the state file unless given
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,

    /// For how many days the certificate is good
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,

    /// Have an authority of the folder's own sign it
    #[arg(long)]
    ca: bool,

    /// Replace a certificate that is there
    #[arg(long)]
    renew: bool,

    #[command(flatten)]
    format: FormatOption,
}

impl Generate {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let folder = self.output.unwrap_or_else(|| configuration.state_file.with_file_name("tls"));
        let request = Request {
            folder,
            hosts: self.hostname,
            days: self.days,
            by_authority: self.ca,
            renew: self.renew,
            now: context.now(),
        };
        let rehearsal = context.global.dry_run;
        let made = tls_generate::run(&request, rehearsal).map_err(|error| Failure::from_error(&error))?;
        let tls = &configuration.settings.server.tls;
        // Where nothing is configured the server looks beside the state file.
        let usual = |name: &str| configuration.state_file.with_file_name("tls").join(name);
        let is = |configured: &Option<PathBuf>, made: &PathBuf, name: &str| match configured {
            Some(path) => path == made,
            None => usual(name) == *made,
        };
        let configured =
            is(&tls.cert_file, &made.cert_file, "server.crt") && is(&tls.key_file, &made.key_file, "server.key");
        // The server may run in another folder.
        let whole = |path: &std::path::Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let (cert, key) = (whole(&made.cert_file), whole(&made.key_file));
        let (cert, key) = (cert.display().to_string(), key.display().to_string());
        let files = Files { cert: made.cert_file, key: Some(made.key_file), ca: made.ca_file };
        let entry = CertificateEntry::new(made.certificate, context.now(), files, None, Some(!rehearsal));
        let report = Report::record(entry, self.format.format);
        if configured {
            return Ok(report);
        }
        Ok(report.note(format!("the server uses it when server.tls has cert_file: {cert} and key_file: {key}")))
    }
}
