//! The reasons that OpenSSL would give for what rustls complains about.
//!
//! Invariant: every error of rustls has a reason that OpenSSL has.

use rustls::{AlertDescription, Error, InvalidMessage, PeerIncompatible};

use crate::failure::Failure;
use crate::verifier;

/// The failure of an operation; `is_established`: after the handshake.
pub(crate) fn of(error: &Error, is_established: bool) -> Failure {
    let refusal = verifier::take_refusal();
    match error {
        Error::InvalidCertificate(_) => match refusal {
            Some(refusal) => Failure::unverified(refusal),
            None => Failure::ssl("BAD_SIGNATURE"),
        },
        Error::AlertReceived(alert) => of_alert(*alert),
        Error::NoCertificatesPresented => Failure::ssl("PEER_DID_NOT_RETURN_A_CERTIFICATE"),
        Error::DecryptError | Error::PeerSentOversizedRecord if is_established => {
            Failure::ssl("RECORD_LAYER_FAILURE")
        }
        Error::DecryptError => Failure::ssl("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"),
        Error::PeerSentOversizedRecord => Failure::ssl("PACKET_LENGTH_TOO_LONG"),
        Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            Failure::ssl("UNEXPECTED_MESSAGE")
        }
        Error::InvalidMessage(message) => of_message(*message),
        Error::PeerIncompatible(incompatible) => of_incompatible(incompatible),
        Error::NoApplicationProtocol => Failure::ssl("NO_APPLICATION_PROTOCOL"),
        Error::PeerMisbehaved(_) => Failure::ssl("BAD_EXTENSION"),
        Error::EncryptError => Failure::ssl("BAD_WRITE_RETRY"),
        _ => Failure::ssl("INTERNAL_ERROR"),
    }
}

fn of_message(message: InvalidMessage) -> Failure {
    match message {
        InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion => {
            Failure::ssl("WRONG_VERSION_NUMBER")
        }
        InvalidMessage::UnexpectedMessage(_) => Failure::ssl("UNEXPECTED_MESSAGE"),
        InvalidMessage::MessageTooLarge
        | InvalidMessage::HandshakePayloadTooLarge
        | InvalidMessage::CertificatePayloadTooLarge => Failure::ssl("EXCESSIVE_MESSAGE_SIZE"),
        InvalidMessage::InvalidCcs => Failure::ssl("BAD_CHANGE_CIPHER_SPEC"),
        InvalidMessage::TrailingData(_) => Failure::ssl("BAD_LENGTH"),
        InvalidMessage::UnsupportedCurveType => Failure::ssl("WRONG_CURVE"),
        _ => Failure::ssl("LENGTH_MISMATCH"),
    }
}

fn of_incompatible(incompatible: &PeerIncompatible) -> Failure {
    match incompatible {
        PeerIncompatible::ServerDoesNotSupportTls12Or13
        | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
        | PeerIncompatible::SupportedVersionsExtensionRequired
        | PeerIncompatible::Tls12NotOffered
        | PeerIncompatible::Tls12NotOfferedOrEnabled => Failure::ssl("UNSUPPORTED_PROTOCOL"),
        PeerIncompatible::NoCipherSuitesInCommon => Failure::ssl("NO_SHARED_CIPHER"),
        PeerIncompatible::NoKxGroupsInCommon | PeerIncompatible::NamedGroupsExtensionRequired => {
            Failure::ssl("NO_SUITABLE_GROUPS")
        }
        PeerIncompatible::NoSignatureSchemesInCommon
        | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
            Failure::ssl("NO_SUITABLE_SIGNATURE_ALGORITHM")
        }
        PeerIncompatible::KeyShareExtensionRequired => Failure::ssl("NO_SUITABLE_KEY_SHARE"),
        _ => Failure::ssl("HANDSHAKE_FAILURE_ON_CLIENT_HELLO"),
    }
}

/// The reason for an alert of the peer's.
fn of_alert(alert: AlertDescription) -> Failure {
    use AlertDescription as A;
    let (reason, words) = match alert {
        A::UnexpectedMessage => ("SSLV3_ALERT_UNEXPECTED_MESSAGE", "ssl/tls alert unexpected message"),
        A::BadRecordMac => ("SSLV3_ALERT_BAD_RECORD_MAC", "ssl/tls alert bad record mac"),
        A::DecompressionFailure => {
            ("SSLV3_ALERT_DECOMPRESSION_FAILURE", "ssl/tls alert decompression failure")
        }
        A::HandshakeFailure => ("SSLV3_ALERT_HANDSHAKE_FAILURE", "ssl/tls alert handshake failure"),
        A::NoCertificate => ("SSLV3_ALERT_NO_CERTIFICATE", "ssl/tls alert no certificate"),
        A::BadCertificate => ("SSLV3_ALERT_BAD_CERTIFICATE", "ssl/tls alert bad certificate"),
        A::UnsupportedCertificate => {
            ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "ssl/tls alert unsupported certificate")
        }
        A::CertificateRevoked => ("SSLV3_ALERT_CERTIFICATE_REVOKED", "ssl/tls alert certificate revoked"),
        A::CertificateExpired => ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "ssl/tls alert certificate expired"),
        A::CertificateUnknown => ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", "ssl/tls alert certificate unknown"),
        A::IllegalParameter => ("SSLV3_ALERT_ILLEGAL_PARAMETER", "ssl/tls alert illegal parameter"),
        A::DecryptionFailed => return Failure::ssl("TLSV1_ALERT_DECRYPTION_FAILED"),
        A::RecordOverflow => return Failure::ssl("TLSV1_ALERT_RECORD_OVERFLOW"),
        A::UnknownCA => return Failure::ssl("TLSV1_ALERT_UNKNOWN_CA"),
        A::AccessDenied => return Failure::ssl("TLSV1_ALERT_ACCESS_DENIED"),
        A::DecodeError => return Failure::ssl("TLSV1_ALERT_DECODE_ERROR"),
        A::DecryptError => return Failure::ssl("TLSV1_ALERT_DECRYPT_ERROR"),
        A::ExportRestriction => return Failure::ssl("TLSV1_ALERT_EXPORT_RESTRICTION"),
        A::ProtocolVersion => return Failure::ssl("TLSV1_ALERT_PROTOCOL_VERSION"),
        A::InsufficientSecurity => return Failure::ssl("TLSV1_ALERT_INSUFFICIENT_SECURITY"),
        A::InternalError => return Failure::ssl("TLSV1_ALERT_INTERNAL_ERROR"),
        A::InappropriateFallback => return Failure::ssl("TLSV1_ALERT_INAPPROPRIATE_FALLBACK"),
        A::UserCanceled => return Failure::ssl("TLSV1_ALERT_USER_CANCELLED"),
        A::NoRenegotiation => return Failure::ssl("TLSV1_ALERT_NO_RENEGOTIATION"),
        A::MissingExtension => return Failure::ssl("TLSV13_ALERT_MISSING_EXTENSION"),
        A::CertificateRequired => return Failure::ssl("TLSV13_ALERT_CERTIFICATE_REQUIRED"),
        A::UnsupportedExtension => return Failure::ssl("TLSV1_UNSUPPORTED_EXTENSION"),
        A::CertificateUnobtainable => return Failure::ssl("TLSV1_CERTIFICATE_UNOBTAINABLE"),
        A::UnrecognisedName => return Failure::ssl("TLSV1_UNRECOGNIZED_NAME"),
        A::BadCertificateStatusResponse => return Failure::ssl("TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE"),
        A::BadCertificateHashValue => return Failure::ssl("TLSV1_BAD_CERTIFICATE_HASH_VALUE"),
        A::NoApplicationProtocol => return Failure::ssl("TLSV1_ALERT_NO_APPLICATION_PROTOCOL"),
        A::UnknownPSKIdentity => return Failure::ssl("TLSV1_ALERT_UNKNOWN_PSK_IDENTITY"),
        _ => return Failure::ssl("UNKNOWN_ALERT_TYPE"),
    };
    Failure::worded(reason, words)
}
