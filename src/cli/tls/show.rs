//! `provider tls show`

use std::path::PathBuf;

use clap::Args;

use super::certificate_entry::{CertificateEntry, Files};
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::tls_generate;
use crate::keys::{read_secret_file, tls as certificate};

/// Show a certificate: whose it is, for which names, how long it is good, and whether its key fits
///
/// Without FILE it shows the one of the configuration (server.tls); with FILE, a key of that name beside it (server.key of
/// server.crt) is compared. The exit code is 1 when it is not good any more, or
/// its key does not fit.
#[derive(Debug, Args)]
pub struct Show {
    /// The certificate in PEM
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOption,
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let tls = configuration.settings.server.tls;
        // The key beside a certificate that was named, where `tls generate` puts it.
        let beside = self.file.as_ref().map(|file| file.with_extension("key")).filter(|file| file.is_file());
        let key_file = if self.file.is_some() { beside } else { tls.key_file };
        let cert_file = self.file.or(tls.cert_file).ok_or_else(|| {
            Failure::new(Status::Usage, "the configuration names no certificate")
                .hint("name its file, or make one: `provider tls generate --hostname HOST`")
        })?;
        let unreadable = |error: &std::io::Error| {
            Failure::new(Status::Data, format!("cannot read {}", cert_file.display())).caused_by(error)
        };
        let pem = std::fs::read_to_string(&cert_file).map_err(|error| unreadable(&error))?;
        let chain = certificate::read(&pem)
            .map_err(|error| Failure::from_error(&error).hint(format!("the file is {}", cert_file.display())))?;
        let Some(found) = chain.into_iter().next() else {
            return Err(Failure::new(Status::Data, format!("{} holds no certificate", cert_file.display())));
        };
        let key_fits = match &key_file {
            Some(path) => {
                let key = read_secret_file(path).map_err(|error| Failure::from_error(&error))?;
                certificate::belongs(&found, &key)
            }
            None => None,
        };
        let now = context.now();
        let good = found.not_before <= now && now < found.not_after && key_fits != Some(false);
        let (files_key, certificate_found) = (key_file.clone(), found.clone());
        let files = Files { cert: cert_file, key: key_file, ca: None };
        let entry = CertificateEntry::new(found, now, files, key_fits, None);
        let days = entry.days_left();
        let report = Report::record(entry, self.output.output);
        if good {
            return Ok(report);
        }
        let is_between = || {
            let key_file = files_key.as_ref()?;
            tls_generate::fitting_key(&certificate_found, key_file).ok().flatten()
        };
        let why = if key_fits == Some(false) && is_between().is_some() {
            "a renewal was stopped between its key and its certificate; the key of this one is kept beside, and is used: \
             `provider tls generate --renew` makes a new pair"
                .to_owned()
        } else if key_fits == Some(false) {
            "its key does not belong to it: `provider tls generate --renew`".to_owned()
        } else {
            format!("it is not good now ({days} days left): `provider tls generate --renew`")
        };
        Ok(report.status(Status::SomeFailed).note(why))
    }
}
