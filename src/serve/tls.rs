//! TLS: certificates that are read anew when their files change, and what clients' certificates are taken for.
//!
//! A tenant's tool calls the name `mtls.<host>` (or an address, which is no name) and comes with the certificate that it
//! has on the chain: there it gets TLS 1.3, the provider's own certificate from the chain, and is asked for its own.
//! Everybody else gets the server's certificate; the question for a client's comes only where operators have some, with
//! the name of their authority, so that no browser bothers anybody for nothing.
//!
//! Any client certificate is let into the connection, with the proof that its key is there. Whose it is decides
//! [`super::caller`].

use std::borrow::Cow;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{DigitallySignedStruct, DistinguishedName, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::TlsFiles;
use crate::domain::fault::{Classified, Fault};
use crate::keys::{PassphraseError, read_secret_file};

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The private key cannot be read.
    #[error("cannot read the private key of the server")]
    Key(#[source] PassphraseError),
    /// A file holds something else.
    #[error("{} holds no {what} in PEM", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// The certificate and the key do not fit, or are of a kind that is not known.
    #[error("{} and {} make no certificate of a server", certificate.display(), key.display())]
    Pair {
        /// The certificate.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
        /// Why.
        #[source]
        source: rustls::Error,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Fault::NotFound,
            Self::Read { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::Read { .. } => Fault::Unavailable,
            Self::Key(error) => error.fault(),
            Self::Content { .. } | Self::Pair { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Some(
                "`provider tls generate --hostname NAME` makes a certificate; server.tls.cert_file and key_file name one"
                    .into(),
            ),
            Self::Read { .. } => Some("give the file to the user that runs the server".into()),
            Self::Key(error) => error.hint(),
            Self::Content { .. } | Self::Pair { .. } => Some("`provider tls show` says what is wrong".into()),
        }
    }
}

/// The certificates of a server.
pub(super) struct Certificates {
    files: TlsFiles,
    operators: Option<Arc<Operators>>,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    stamps: Vec<Option<Stamp>>,
    looked: Instant,
    public: Arc<ServerConfig>,
    tenants: Arc<ServerConfig>,
}

/// What changes when a file does: its inode, its size, its time of change in nanoseconds.
type Stamp = (u64, u64, i64, i64);

/// How often files are looked at.
const LOOK: Duration = Duration::from_secs(1);

impl Certificates {
    /// Reads the certificates.
    pub(super) fn open(files: TlsFiles, operators: Option<Arc<Operators>>) -> Result<Self, Error> {
        let loaded = Loaded::read(&files, operators.as_deref())?;
        Ok(Self { files, operators, loaded: Mutex::new(loaded) })
    }

    /// What holds for a client that calls this name. Files that changed are read anew; what cannot be used is logged, and
    /// the certificate before stays.
    pub(super) fn config_for(&self, name: Option<&str>) -> Arc<ServerConfig> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.looked.elapsed() >= LOOK {
            loaded.looked = Instant::now();
            let stamps = stamps(&self.files);
            if stamps != loaded.stamps {
                match Loaded::read(&self.files, self.operators.as_deref()) {
                    Ok(read) => {
                        *loaded = read;
                        tracing::info!("read the server's certificate anew");
                    }
                    Err(error) => {
                        // Not again until it changes again.
                        loaded.stamps = stamps;
                        let error = crate::domain::fault::in_one_line(&error);
                        tracing::error!(error, "the new certificate cannot be used; the one before stays");
                    }
                }
            }
        }
        let is_for_tenants = name.is_none_or(|name| name.starts_with("mtls."));
        Arc::clone(if is_for_tenants { &loaded.tenants } else { &loaded.public })
    }

    /// Whether the operators' authority signed a client's certificate: the subject, and until when.
    pub(super) fn operator(&self, certificates: &[CertificateDer<'static>]) -> Option<(String, Timestamp)> {
        self.operators.as_ref()?.verify(certificates)
    }
}

fn stamps(files: &TlsFiles) -> Vec<Option<Stamp>> {
    let pairs = [Some(&files.server), files.on_chain.as_ref()].into_iter().flatten();
    let stamp = |path: &PathBuf| {
        let file = fs::metadata(path).ok()?;
        Some((file.ino(), file.size(), file.mtime(), file.mtime_nsec()))
    };
    pairs.flat_map(|(certificate, key)| [stamp(certificate), stamp(key)]).collect()
}

impl Loaded {
    fn read(files: &TlsFiles, operators: Option<&Operators>) -> Result<Self, Error> {
        let stamps = stamps(files);
        let hints = operators.map(|operators| operators.subjects.clone());
        let server = pair(&files.server)?;
        let on_chain = files.on_chain.as_ref().map(pair).transpose()?;
        // Who calls an address and has TLS 1.2 only may look at the health; a tenant's tool never speaks 1.2.
        let versions: &[&rustls::SupportedProtocolVersion] = &[&TLS13, &TLS12];
        let config = |pair: &Arc<CertifiedKey>, hints: Option<Vec<DistinguishedName>>| {
            let provider = Arc::new(ring::default_provider());
            let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(versions);
            // Only a provider without suites for these versions fails here.
            let builder = builder.map_err(|source| Error::Pair {
                certificate: files.server.0.clone(),
                key: files.server.1.clone(),
                source,
            })?;
            let builder = match hints {
                Some(subjects) => builder.with_client_cert_verifier(Arc::new(AnyClient { provider, subjects })),
                None => builder.with_no_client_auth(),
            };
            let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(pair))));
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            Ok(Arc::new(config))
        };
        Ok(Self {
            stamps,
            looked: Instant::now(),
            public: config(&server, hints)?,
            tenants: config(on_chain.as_ref().unwrap_or(&server), Some(Vec::new()))?,
        })
    }
}

fn pair((certificate, key): &(PathBuf, PathBuf)) -> Result<Arc<CertifiedKey>, Error> {
    let chain = certificates(certificate)?;
    fs::metadata(key).map_err(|source| Error::Read { path: key.clone(), source })?;
    let text = read_secret_file(key).map_err(Error::Key)?;
    let private = PrivateKeyDer::from_pem_slice(text.as_bytes())
        .map_err(|_| Error::Content { path: key.clone(), what: "private key" })?;
    let made = CertifiedKey::from_der(chain, private, &ring::default_provider());
    made.map(Arc::new).map_err(|source| Error::Pair { certificate: certificate.clone(), key: key.clone(), source })
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let none = || Error::Content { path: path.to_owned(), what: "certificate" };
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    found.ok().filter(|found| !found.is_empty()).ok_or_else(none)
}

/// When the certificate in a file ends; none where there is none that can be read.
pub(super) fn end_of(path: &Path) -> Option<Timestamp> {
    let found = certificates(path).ok()?;
    let (_, parsed) = X509Certificate::from_der(found.first()?).ok()?;
    Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()
}

/// The authority of operators' certificates.
pub(super) struct Operators {
    verifier: Arc<dyn ClientCertVerifier>,
    subjects: Vec<DistinguishedName>,
}

impl Operators {
    /// Reads the authority.
    pub(super) fn open(path: &Path) -> Result<Arc<Self>, Error> {
        let none = || Error::Content { path: path.to_owned(), what: "certificate of an authority" };
        let mut roots = RootCertStore::empty();
        for certificate in certificates(path)? {
            roots.add(certificate).map_err(|_| none())?;
        }
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
        let verifier = verifier.map_err(|_| none())?;
        let subjects = verifier.root_hint_subjects().to_vec();
        Ok(Arc::new(Self { verifier, subjects }))
    }

    fn verify(&self, certificates: &[CertificateDer<'static>]) -> Option<(String, Timestamp)> {
        let (own, others) = certificates.split_first()?;
        self.verifier.verify_client_cert(own, others, UnixTime::now()).ok()?;
        let (_, parsed) = X509Certificate::from_der(own).ok()?;
        let until = Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()?;
        let name = parsed.subject().iter_common_name().next().and_then(|name| name.as_str().ok().map(str::to_owned));
        Some((name.unwrap_or_else(|| parsed.subject().to_string()), until))
    }
}

/// Lets in any certificate whose key is proved to be there, and none as well.
#[derive(Debug)]
struct AnyClient {
    provider: Arc<CryptoProvider>,
    subjects: Vec<DistinguishedName>,
}

impl ClientCertVerifier for AnyClient {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.subjects
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
