//! A certificate made for one test, for the server that has it and the client that trusts it.

use std::sync::Arc;

use mka1::{Client, RetryConfig};
use rcgen::CertifiedKey;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// Of a server on loopback.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Identity {
    /// A new one.
    pub fn new() -> Self {
        let names = ["127.0.0.1".to_owned()];
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).expect("a certificate");
        Self { certificate: cert.into(), key: signing_key.serialize_der().into() }
    }

    /// The server's side of TLS, which speaks this protocol alone.
    pub(crate) fn acceptor(&self, protocol: &str) -> TlsAcceptor {
        let key = PrivateKeyDer::Pkcs8(self.key.clone_key());
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)
            .expect("a key for the certificate");
        config.alpn_protocols = vec![protocol.into()];
        TlsAcceptor::from(Arc::new(config))
    }

    /// A client of this server, which waits for nothing and takes cut streams up again.
    pub(crate) fn client(&self, port: u16) -> Client {
        let root = reqwest::Certificate::from_der(&self.certificate).expect("a certificate");
        let http = reqwest::Client::builder().tls_certs_only([root]).no_proxy().build().expect("an HTTP client");
        let no_waits =
            RetryConfig::default().initial_interval(std::time::Duration::ZERO).jitter(std::time::Duration::ZERO);
        Client::builder()
            .base_url(format!("https://127.0.0.1:{port}"))
            .bearer_token("mk-secret")
            .http_client(http)
            .retry(no_waits)
            .build()
            .expect("a client")
    }
}

impl Default for Identity {
    fn default() -> Self {
        Self::new()
    }
}
