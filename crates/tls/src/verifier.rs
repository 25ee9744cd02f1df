//! How rustls asks whether a peer's certificate is good.
//!
//! Invariant: why a certificate was refused stays with the thread until the operation ends that found out; rustls passes on only
//! what its alert is to say.

use std::cell::RefCell;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use crate::certificate::Certificate;
use crate::failure::Unverified;
use crate::store::Store;
use crate::verify::{Demand, Host, Role, verify};

thread_local! {
    static REFUSED: RefCell<Option<Unverified>> = const { RefCell::new(None) };
}

/// Why this thread refused a certificate last; forgotten when it is asked for.
pub(crate) fn take_refusal() -> Option<Unverified> {
    REFUSED.with_borrow_mut(Option::take)
}

/// What a context wants of its peers.
#[derive(Clone, Debug)]
pub(crate) struct PeerVerifier {
    pub(crate) store: Arc<Store>,
    pub(crate) role: Role,
    /// Without it everything passes.
    pub(crate) verifies: bool,
    pub(crate) is_required: bool,
    pub(crate) checks_host: bool,
    pub(crate) flags: u64,
    pub(crate) host_flags: u32,
}

impl PeerVerifier {
    /// The chain by which a peer is trusted.
    pub(crate) fn chain(
        &self,
        certificates: &[CertificateDer<'_>],
        host: Host,
        now: i64,
    ) -> Result<Vec<Arc<Certificate>>, Unverified> {
        let mut parsed = Vec::with_capacity(certificates.len());
        for certificate in certificates {
            match Certificate::parse(certificate) {
                Some(certificate) => parsed.push(certificate),
                None => {
                    return Err(Unverified {
                        code: 1,
                        message: "unspecified certificate verification error".into(),
                    });
                }
            }
        }
        let Some((leaf, others)) = parsed.split_first() else {
            return Err(Unverified { code: 1, message: "unspecified certificate verification error".into() });
        };
        let demand = Demand {
            store: &self.store,
            flags: self.flags,
            host_flags: self.host_flags,
            role: self.role,
            host,
            now,
        };
        verify(&demand, leaf.clone(), others)
    }

    fn judge(
        &self,
        end: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        host: Host,
        now: UnixTime,
    ) -> Result<(), Error> {
        if !self.verifies {
            return Ok(());
        }
        let mut all = vec![end.clone().into_owned()];
        all.extend(others.iter().map(|other| other.clone().into_owned()));
        match self.chain(&all, host, now.as_secs() as i64) {
            Ok(_) => Ok(()),
            Err(refusal) => {
                let error = error_of(refusal.code);
                REFUSED.set(Some(refusal));
                Err(Error::InvalidCertificate(error))
            }
        }
    }

    /// The host that a server's certificate is to name.
    pub(crate) fn host_of(&self, name: &ServerName<'_>) -> Host {
        if !self.checks_host {
            return Host::Any;
        }
        match name {
            ServerName::DnsName(name) => Host::Name(name.as_ref().to_owned()),
            ServerName::IpAddress(address) => {
                let address = std::net::IpAddr::from(*address);
                let bytes = match address {
                    std::net::IpAddr::V4(address) => address.octets().to_vec(),
                    std::net::IpAddr::V6(address) => address.octets().to_vec(),
                };
                Host::Address(bytes, address.to_string())
            }
            _ => Host::Any,
        }
    }
}

/// The error whose alert OpenSSL would send (`ssl_x509err2alert`).
fn error_of(code: i32) -> CertificateError {
    match code {
        9 => CertificateError::NotValidYet,
        10 | 12 => CertificateError::Expired,
        23 => CertificateError::Revoked,
        7 | 8 => CertificateError::BadSignature,
        26 => CertificateError::InvalidPurpose,
        2 | 3 | 18 | 19 | 20 | 21 | 22 | 25 | 33 | 79 => CertificateError::UnknownIssuer,
        _ => CertificateError::BadEncoding,
    }
}

fn signature(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    match Certificate::parse(certificate) {
        Some(certificate) if certificate.key.verifies(signed.scheme, message, signed.signature()) => {
            Ok(HandshakeSignatureValid::assertion())
        }
        _ => Err(Error::InvalidCertificate(CertificateError::BadSignature)),
    }
}

fn schemes() -> Vec<SignatureScheme> {
    rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
}

impl ServerCertVerifier for PeerVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.judge(end_entity, intermediates, self.host_of(server_name), now)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        schemes()
    }
}

impl ClientCertVerifier for PeerVerifier {
    fn offer_client_auth(&self) -> bool {
        self.verifies
    }

    fn client_auth_mandatory(&self) -> bool {
        self.is_required
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.judge(end_entity, intermediates, Host::Any, now)?;
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        schemes()
    }
}
