//! How this crate trusts servers: rustls with ring, and the roots of the web.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};

use crate::error::ScanError;

/// A client configuration that trusts the built-in roots and these beside them (DER). Protocols of
/// the application layer are for the caller to name.
///
/// # Errors
/// `scan_setting` names `setting` and the certificate that cannot be used.
pub(crate) fn client(setting: &'static str, roots: &[Vec<u8>]) -> Result<ClientConfig, ScanError> {
    let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for (index, root) in roots.iter().enumerate() {
        store.add(CertificateDer::from(root.as_slice())).map_err(|error| {
            let problem = format!("certificate {index}: {error}: give DER, not PEM");
            ScanError::setting(setting, problem)
        })?;
    }
    // Named, not taken from the process: a host program may have chosen another, or none.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the suites of TLS 1.2 and 1.3")
        .with_root_certificates(store)
        .with_no_client_auth())
}
