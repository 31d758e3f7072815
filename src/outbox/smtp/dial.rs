//! From a host name to a stream that can be talked over: TCP with NODELAY, and TLS.
//!
//! Nagle is off: with it each mail waits 40 ms for a delayed acknowledgement between content and dot.
//! Standards: RFC 8314 (implicit TLS). TLS 1.2 and 1.3 by rustls with ring; certificates are always verified.

use super::settings::{Security, Settings};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsConnector, rustls};

/// Connects to the first address of the host that answers.
pub(super) async fn tcp(settings: &Settings) -> Result<(TcpStream, SocketAddr)> {
    let found = tokio::net::lookup_host((settings.host.as_str(), settings.port)).await?;
    let plain = settings.security == Security::None;
    let addresses: Vec<SocketAddr> = found.filter(|address| !plain || address.ip().is_loopback()).collect();
    if addresses.is_empty() && plain {
        let words = "a connection without TLS is only made to this machine itself; set security to tls or starttls";
        return Err(Error::new(ErrorKind::PermissionDenied, words));
    }
    let stream = TcpStream::connect(addresses.as_slice()).await?;
    stream.set_nodelay(true)?;
    let peer = stream.peer_addr()?;
    Ok((stream, peer))
}

/// Shakes hands.
pub(super) async fn tls(stream: TcpStream, host: &str, trust: &Arc<ClientConfig>) -> Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Error::new(ErrorKind::InvalidInput, error))?;
    let connector = TlsConnector::from(Arc::clone(trust));
    connector.connect(name, stream).await
}

/// Whom to trust: the authorities in `ca_file`, or else those of the machine. Reads files, so it runs apart.
pub(super) async fn trust(settings: &Settings) -> Result<Arc<ClientConfig>> {
    let file = settings.ca_file.clone();
    let work = tokio::task::spawn_blocking(move || authorities(file.as_deref()));
    let roots = work.await.map_err(Error::other)??;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn authorities(file: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(path) => {
            let unreadable = |error| Error::other(format!("cannot read the ca_file: {error}"));
            for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
                roots.add(certificate.map_err(unreadable)?).map_err(Error::other)?;
            }
        }
        None => {
            // Some of a machine's certificates are often odd; only none at all is an error.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    match roots.is_empty() {
        true => Err(Error::other("there is no certificate authority to trust; set ca_file")),
        false => Ok(roots),
    }
}
