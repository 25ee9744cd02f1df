//! What a context is set to, and the configurations of rustls that follow from it. OpenSSL: `SSL_CTX`.
//!
//! Invariant: a configuration is made anew after every change; the verifiers of unchanged settings stay the same objects, since
//! rustls resumes sessions only with those.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::crypto::CryptoProvider;
use rustls::server::{NoServerSessionStorage, ServerSessionMemoryCache, WebPkiClientVerifier};
use rustls::{ClientConfig, ServerConfig, SupportedProtocolVersion};

use crate::failure::Failure;
use crate::keylog::KeyLogFile;
use crate::keys::Identities;
use crate::store::Store;
use crate::suites::{self, Suite};
use crate::verifier::PeerVerifier;
use crate::verify::Role;

/// `PROTOCOL_*`.
pub(crate) mod protocol {
    pub(crate) const TLS: i32 = 2;
    pub(crate) const TLS1_2: i32 = 5;
    pub(crate) const TLS_CLIENT: i32 = 16;
    pub(crate) const TLS_SERVER: i32 = 17;
}

/// `PROTO_*`.
pub(crate) mod version {
    pub(crate) const MINIMUM: i32 = -2;
    pub(crate) const MAXIMUM: i32 = -1;
    pub(crate) const SSL3: i32 = 0x300;
    pub(crate) const TLS1_2: i32 = 0x303;
    pub(crate) const TLS1_3: i32 = 0x304;
}

/// `OP_*`.
pub(crate) mod option {
    pub(crate) const LEGACY_SERVER_CONNECT: u64 = 1 << 2;
    pub(crate) const ENABLE_KTLS: u64 = 1 << 3;
    pub(crate) const IGNORE_UNEXPECTED_EOF: u64 = 1 << 7;
    pub(crate) const NO_TICKET: u64 = 1 << 14;
    pub(crate) const NO_COMPRESSION: u64 = 1 << 17;
    pub(crate) const ENABLE_MIDDLEBOX_COMPAT: u64 = 1 << 20;
    pub(crate) const CIPHER_SERVER_PREFERENCE: u64 = 1 << 22;
    pub(crate) const NO_SSL3: u64 = 1 << 25;
    pub(crate) const NO_TLS1: u64 = 1 << 26;
    pub(crate) const NO_TLS1_2: u64 = 1 << 27;
    pub(crate) const NO_TLS1_1: u64 = 1 << 28;
    pub(crate) const NO_TLS1_3: u64 = 1 << 29;
    pub(crate) const NO_RENEGOTIATION: u64 = 1 << 30;
    pub(crate) const ALL: u64 = 0x8000_0050;
}

/// How peers are verified: `CERT_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerifyMode {
    None,
    Optional,
    Required,
}

/// Everything that a program can set.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) protocol: i32,
    pub(crate) verify_mode: VerifyMode,
    pub(crate) check_hostname: bool,
    pub(crate) verify_flags: u64,
    pub(crate) host_flags: u32,
    pub(crate) options: u64,
    pub(crate) minimum: i32,
    pub(crate) maximum: i32,
    pub(crate) suites: Vec<&'static Suite>,
    /// The one group for key exchanges that was asked for.
    pub(crate) group: Option<rustls::NamedGroup>,
    pub(crate) alpn: Vec<Vec<u8>>,
    pub(crate) num_tickets: usize,
    pub(crate) identities: Identities,
    pub(crate) keylog: Option<Arc<KeyLogFile>>,
}

impl Settings {
    pub(crate) fn new(kind: i32) -> Settings {
        let is_client = kind == protocol::TLS_CLIENT;
        Settings {
            protocol: kind,
            verify_mode: if is_client { VerifyMode::Required } else { VerifyMode::None },
            check_hostname: is_client,
            verify_flags: crate::verify::flag::TRUSTED_FIRST,
            host_flags: crate::hostname::flag::NO_PARTIAL_WILDCARDS,
            options: option::ALL
                | option::NO_SSL3
                | option::NO_COMPRESSION
                | option::CIPHER_SERVER_PREFERENCE
                | option::ENABLE_MIDDLEBOX_COMPAT,
            minimum: version::MINIMUM,
            maximum: version::MAXIMUM,
            suites: suites::default(),
            group: None,
            alpn: Vec::new(),
            num_tickets: 2,
            identities: Identities::default(),
            keylog: None,
        }
    }

    fn allows(&self, version: i32) -> bool {
        let bit = if version == version::TLS1_3 { option::NO_TLS1_3 } else { option::NO_TLS1_2 };
        let minimum = match self.minimum {
            version::MINIMUM => 0,
            version::MAXIMUM => version::TLS1_3,
            minimum => minimum,
        };
        let maximum = match self.maximum {
            version::MAXIMUM => i32::MAX,
            version::MINIMUM => version::TLS1_2,
            maximum => maximum,
        };
        let only = self.protocol != protocol::TLS1_2 || version == version::TLS1_2;
        self.options & bit == 0 && (minimum..=maximum).contains(&version) && only
    }

    fn versions(&self) -> Result<Vec<&'static SupportedProtocolVersion>, Failure> {
        let mut versions = Vec::new();
        if self.allows(version::TLS1_3) {
            versions.push(&rustls::version::TLS13);
        }
        if self.allows(version::TLS1_2) {
            versions.push(&rustls::version::TLS12);
        }
        if versions.is_empty() { Err(Failure::ssl("NO_PROTOCOLS_AVAILABLE")) } else { Ok(versions) }
    }

    fn provider(&self) -> Arc<CryptoProvider> {
        let mut provider = rustls::crypto::ring::default_provider();
        let all = std::mem::take(&mut provider.cipher_suites);
        let newer = suites::SUITES.iter().filter(|suite| suite.is_tls13 && self.allows(version::TLS1_3));
        let older = self.suites.iter().copied().filter(|_| self.allows(version::TLS1_2));
        for wanted in newer.chain(older) {
            provider.cipher_suites.extend(all.iter().filter(|suite| suite.suite() == wanted.id));
        }
        if let Some(group) = self.group {
            provider.kx_groups.retain(|known| known.name() == group);
        }
        Arc::new(provider)
    }

    fn verifier(&self, store: &Arc<Store>, role: Role) -> Arc<PeerVerifier> {
        Arc::new(PeerVerifier {
            store: store.clone(),
            role,
            verifies: self.verify_mode != VerifyMode::None,
            is_required: self.verify_mode == VerifyMode::Required,
            checks_host: self.check_hostname,
            flags: self.verify_flags,
            host_flags: self.host_flags,
        })
    }
}

/// How often what has happened (`SSL_CTX_sess_*`).
#[derive(Debug, Default)]
pub(crate) struct Statistics {
    pub(crate) connect: AtomicU64,
    pub(crate) connect_good: AtomicU64,
    pub(crate) accept: AtomicU64,
    pub(crate) accept_good: AtomicU64,
    pub(crate) hits: AtomicU64,
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What is made of the settings until they change.
#[derive(Clone, Debug)]
pub(crate) struct ClientParts {
    pub(crate) config: Arc<ClientConfig>,
    pub(crate) verifier: Arc<PeerVerifier>,
}

#[derive(Clone, Debug)]
pub(crate) struct ServerParts {
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) verifier: Arc<PeerVerifier>,
}

#[derive(Debug)]
struct State {
    settings: Settings,
    client: Option<ClientParts>,
    server: Option<ServerParts>,
}

/// The native side of a context, shared with its connections.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) store: Arc<Store>,
    pub(crate) statistics: Statistics,
}

impl Shared {
    pub(crate) fn new(kind: i32) -> Shared {
        let state = State { settings: Settings::new(kind), client: None, server: None };
        Shared { state: Mutex::new(state), store: Arc::default(), statistics: Statistics::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the settings.
    pub(crate) fn get<T>(&self, f: impl FnOnce(&Settings) -> T) -> T {
        f(&self.state().settings)
    }

    /// Changes the settings.
    pub(crate) fn change<T>(&self, f: impl FnOnce(&mut Settings) -> T) -> T {
        let mut state = self.state();
        state.client = None;
        state.server = None;
        f(&mut state.settings)
    }

    pub(crate) fn client(&self) -> Result<ClientParts, Failure> {
        let mut state = self.state();
        if let Some(parts) = &state.client {
            return Ok(parts.clone());
        }
        let settings = &state.settings;
        let verifier = settings.verifier(&self.store, Role::Server);
        let builder = ClientConfig::builder_with_provider(settings.provider())
            .with_protocol_versions(&settings.versions()?)
            .map_err(|_| Failure::ssl("NO_CIPHERS_AVAILABLE"))?
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone());
        let mut config =
            builder.with_client_cert_resolver(Arc::new(settings.identities.completed(&self.store)));
        config.alpn_protocols = settings.alpn.clone();
        if let Some(keylog) = &settings.keylog {
            config.key_log = keylog.clone();
        }
        let parts = ClientParts { config: Arc::new(config), verifier };
        state.client = Some(parts.clone());
        Ok(parts)
    }

    pub(crate) fn server(&self) -> Result<ServerParts, Failure> {
        let mut state = self.state();
        if let Some(parts) = &state.server {
            return Ok(parts.clone());
        }
        let settings = &state.settings;
        let verifier = settings.verifier(&self.store, Role::Client);
        let builder = ServerConfig::builder_with_provider(settings.provider())
            .with_protocol_versions(&settings.versions()?)
            .map_err(|_| Failure::ssl("NO_CIPHERS_AVAILABLE"))?;
        let builder = match settings.verify_mode {
            VerifyMode::None => builder.with_client_cert_verifier(WebPkiClientVerifier::no_client_auth()),
            _ => builder.with_client_cert_verifier(verifier.clone()),
        };
        let mut config = builder.with_cert_resolver(Arc::new(settings.identities.completed(&self.store)));
        config.alpn_protocols = settings.alpn.clone();
        config.ignore_client_order = settings.options & option::CIPHER_SERVER_PREFERENCE != 0;
        config.send_tls13_tickets = settings.num_tickets;
        if let Some(keylog) = &settings.keylog {
            config.key_log = keylog.clone();
        }
        if settings.options & option::NO_TICKET != 0 {
            config.session_storage = ServerSessionMemoryCache::new(1024);
        } else {
            config.session_storage = Arc::new(NoServerSessionStorage {});
            if let Ok(ticketer) = rustls::crypto::ring::Ticketer::new() {
                config.ticketer = ticketer;
            }
        }
        let parts = ServerParts { config: Arc::new(config), verifier };
        state.server = Some(parts.clone());
        Ok(parts)
    }
}
