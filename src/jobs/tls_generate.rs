//! A certificate for the provider's own server: make it, and put it and its key into a folder.
//!
//! ```text
//! DIR/server.crt   0644  the certificate, followed by its authority's
//! DIR/server.key   0600
//! DIR/ca.crt       0644  the authority, where one is wanted; made once and used for every renewal
//! DIR/ca.key       0600
//! DIR/server.key.old   0600  the key of the certificate that is being replaced, while the two do not fit
//! ```
//! Each file is replaced as a whole, and all of them are on the disk before the first one gets its name: a full disk changes
//! nothing. The key comes first. A kill between it and the certificate leaves a pair that does not fit: then the key of the
//! certificate that is there is `server.key.old`, and whoever reads the pair takes that ([`fitting_key`]). The next
//! `--renew` makes a new pair.

use std::borrow::Cow;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::FailPoint;
use crate::domain::fault::{Classified, Fault};
use crate::keys::tls::{self, Certificate, Issued, Wanted};
use crate::keys::whole_file::{self, Over};
use crate::keys::{PassphraseError, read_secret_file};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Request {
    /// The folder.
    pub folder: PathBuf,
    /// The names and addresses of the server.
    pub hosts: Vec<String>,
    /// For how many days.
    pub days: u32,
    /// An authority signs it.
    pub by_authority: bool,
    /// A certificate that is there is replaced.
    pub renew: bool,
    /// The time.
    pub now: Timestamp,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The certificate.
    pub certificate: Certificate,
    /// Its file.
    pub cert_file: PathBuf,
    /// The file of its key.
    pub key_file: PathBuf,
    /// The authority's certificate, for those who connect.
    pub ca_file: Option<PathBuf>,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The certificate cannot be made.
    #[error("cannot make a certificate for the server")]
    Make(#[source] tls::Error),
    /// The authority's files cannot be used.
    #[error("cannot use the authority {}", path.display())]
    Authority {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        source: tls::Error,
    },
    /// The authority's key cannot be read.
    #[error("cannot use the authority's key")]
    AuthorityKey(#[source] PassphraseError),
    /// The authority's key is another's.
    #[error("{} is not the key of the authority's certificate", path.display())]
    ForeignKey {
        /// Its file.
        path: PathBuf,
    },
    /// There is one already.
    #[error("{} is there already", path.display())]
    Exists {
        /// Its file.
        path: PathBuf,
    },
    /// The disk refuses.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Make(error) => error.fault(),
            Self::Authority { source, .. } => source.fault(),
            Self::AuthorityKey(error) => error.fault(),
            Self::Exists { .. } | Self::ForeignKey { .. } => Fault::Invalid,
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::Io { .. } => Fault::Unavailable,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Make(error) => error.hint(),
            Self::Authority { source, .. } => source.hint(),
            Self::AuthorityKey(error) => error.hint(),
            Self::ForeignKey { .. } => {
                Some("bring back the key that was made with ca.crt; what another signs is trusted by nobody".into())
            }
            Self::Exists { .. } => {
                Some("--renew replaces it; clients that trust this very certificate must be told".into())
            }
            Self::Io { .. } => Some("name a folder that this user may write to with --output".into()),
        }
    }
}

/// How long an authority lives, in days: ten years.
const AUTHORITY_DAYS: u32 = 3650;

/// Makes a certificate; in a rehearsal nothing is written.
pub fn run(request: &Request, rehearsal: bool) -> Result<Made, Error> {
    let at = |name: &str| request.folder.join(name);
    let (cert_file, key_file) = (at("server.crt"), at("server.key"));
    let taken = [&cert_file, &key_file].into_iter().find(|path| path.exists() && !request.renew);
    if let Some(path) = taken {
        return Err(Error::Exists { path: path.clone() });
    }
    let from = tls::day_of(request.now);
    let wanted = Wanted { hosts: &request.hosts, from, days: request.days };
    // Who trusts the folder's authority would not trust a certificate without it.
    let by_authority = request.by_authority || (request.renew && at("ca.crt").exists());
    let (issued, authority) = if by_authority {
        let (authority, made) = authority(request, from)?;
        let signed = tls::signed_by(&wanted, &authority.certificate, &authority.key);
        let broken = |source| Error::Authority { path: at("ca.crt"), source };
        (signed.map_err(broken)?, Some((authority, made)))
    } else {
        (tls::self_signed(&wanted).map_err(Error::Make)?, None)
    };
    let certificate = tls::read(&issued.certificate).map_err(Error::Make)?;
    let certificate = certificate.into_iter().next().ok_or(Error::Make(tls::Error::NoCertificate))?;
    if !rehearsal {
        make_folder(&request.folder)?;
        if let Some((authority, true)) = &authority {
            replace(&at("ca.key"), authority.key.as_bytes(), 0o600)?;
            FailPoint::AuthorityKeyWritten.reach();
            replace(&at("ca.crt"), authority.certificate.as_bytes(), 0o644)?;
        }
        let key = stage(&key_file, issued.key.as_bytes(), 0o600)?;
        let cert = stage(&cert_file, issued.certificate.as_bytes(), 0o644)?;
        let old = old_key(&key_file);
        // Where an earlier run was killed in the middle, the older of two old keys is the one that fits.
        if key_file.exists() && cert_file.exists() && !old.exists() {
            let failed = |source| Error::Io { doing: "keep", path: old.clone(), source };
            fs::hard_link(&key_file, &old).map_err(failed)?;
        }
        key.put().map_err(|source| Error::Io { doing: "write", path: key_file.clone(), source })?;
        FailPoint::ServerKeyWritten.reach();
        cert.put().map_err(|source| Error::Io { doing: "write", path: cert_file.clone(), source })?;
        // Best effort: it fits nothing any more, and is not taken.
        let _ = fs::remove_file(&old);
    }
    Ok(Made { certificate, cert_file, key_file, ca_file: authority.map(|_| at("ca.crt")) })
}

/// The folder's authority, and whether it is made now.
fn authority(request: &Request, from: jiff::civil::Date) -> Result<(Issued, bool), Error> {
    let (cert_file, key_file) = (request.folder.join("ca.crt"), request.folder.join("ca.key"));
    if !cert_file.exists() {
        let first = request.hosts.first().map_or("provider", String::as_str);
        let made = tls::authority(&format!("{first} authority"), from, AUTHORITY_DAYS);
        return Ok((made.map_err(Error::Make)?, true));
    }
    let key = read_secret_file(&key_file).map_err(Error::AuthorityKey)?;
    let certificate = fs::read_to_string(&cert_file);
    let certificate = certificate.map_err(|source| Error::Io { doing: "read", path: cert_file, source })?;
    let broken = |source| Error::Authority { path: request.folder.join("ca.crt"), source };
    let first = tls::read(&certificate).map_err(broken)?.into_iter().next();
    if first.is_some_and(|first| tls::belongs(&first, &key) == Some(false)) {
        return Err(Error::ForeignKey { path: key_file });
    }
    Ok((Issued { certificate, key }, false))
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| Error::Io { doing: "create", path: folder.to_owned(), source })
}

/// Where the key of a certificate is kept that is about to be replaced.
fn old_key(key_file: &Path) -> PathBuf {
    let mut name = key_file.as_os_str().to_owned();
    name.push(".old");
    name.into()
}

/// The key that fits the certificate: that of its file, else the one from before, where a renewal was killed between its two
/// files. None where neither does.
pub fn fitting_key(
    certificate: &Certificate,
    key_file: &Path,
) -> Result<Option<zeroize::Zeroizing<String>>, PassphraseError> {
    let fits = |key: &str| tls::belongs(certificate, key) == Some(true);
    let key = read_secret_file(key_file)?;
    if fits(&key) {
        return Ok(Some(key));
    }
    Ok(read_secret_file(&old_key(key_file)).ok().filter(|old| fits(old)))
}

fn stage(path: &Path, content: &[u8], mode: u32) -> Result<whole_file::Staged, Error> {
    let failed = |source| Error::Io { doing: "write", path: path.to_owned(), source };
    whole_file::stage(path, content, mode).map_err(failed)
}

/// Puts a file in the place of another, durably and as a whole.
fn replace(path: &Path, content: &[u8], mode: u32) -> Result<(), Error> {
    let failed = |source| Error::Io { doing: "write", path: path.to_owned(), source };
    whole_file::put(path, content, mode, Over::Anything).map_err(failed)
}
