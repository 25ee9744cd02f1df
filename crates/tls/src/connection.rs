//! One connection: rustls, and the records that go in and out. OpenSSL: `SSL`.
//!
//! Invariant: exactly one record is read at a time, so that nothing is taken from a socket that belongs to what follows the
//! connection, or that a program waits for with `select`. Nothing here touches the heap.

use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::{Accepted, Acceptor};
use rustls::{
    ClientConfig, ClientConnection, ConnectionCommon, ProtocolVersion, ServerConfig, ServerConnection,
    SideData,
};
use taipan_host::socket::transport::{self, Direction};

use crate::bio::Pipe;
use crate::failure::Failure;
use crate::reason;
use crate::session::SessionStore;
use crate::suites::{self, Suite};

/// A record's header.
const HEADER: usize = 5;
/// The longest record, and what is written at once.
const LONGEST: usize = (16 << 10) + 2048;
const CHUNK: usize = 16 << 10;

/// Where records come from and go to.
pub(crate) enum Wire {
    Descriptor(i32),
    Memory { incoming: Pipe, outgoing: Pipe },
}

impl Wire {
    fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Wire::Descriptor(fd) => loop {
                match transport::receive(*fd, buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    result => return result,
                }
            },
            Wire::Memory { incoming, .. } => incoming.read(buffer),
        }
    }
}

impl Write for &Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Wire::Descriptor(fd) => transport::send(*fd, bytes),
            Wire::Memory { outgoing, .. } => {
                outgoing.write(bytes);
                Ok(bytes.len())
            }
        }
    }

    /// All records that wait go out in one piece: a peer that refuses the first one would not take another.
    fn write_vectored(&mut self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        match parts {
            [part] => self.write(part),
            parts => self.write(&parts.iter().flat_map(|part| part.iter().copied()).collect::<Vec<u8>>()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why an operation has not ended yet.
pub(crate) enum Pause {
    Wait(Direction),
    /// The client's greeting is there: the server is to choose its configuration.
    Choose,
    Fail(Failure),
}

impl From<Failure> for Pause {
    fn from(failure: Failure) -> Pause {
        Pause::Fail(failure)
    }
}

pub(crate) type Step<T> = std::result::Result<T, Pause>;

enum Phase {
    /// A client that has not begun.
    Client(Arc<ClientConfig>, ServerName<'static>, Arc<SessionStore>),
    /// A server that waits for the greeting.
    Server(Box<Acceptor>),
    Greeted(Box<Accepted>),
    ClientRuns(Box<ClientConnection>),
    ServerRuns(Box<ServerConnection>),
    /// No more can be done.
    Dead,
}

/// How a connection was closed.
#[derive(Clone, Copy, Debug, Default)]
struct Closing {
    sent: bool,
    received: bool,
}

/// What a server learned from the greeting.
#[derive(Clone, Default)]
pub(crate) struct Greeting {
    pub(crate) server_name: Option<String>,
    pub(crate) protocols: Option<Vec<Vec<u8>>>,
    pub(crate) suites: Vec<&'static Suite>,
}

/// A connection's state.
pub(crate) struct Connection {
    phase: Phase,
    /// The record that is being read.
    record: Vec<u8>,
    /// Bytes to send that rustls does not hold: the alert of a failed greeting.
    parting: Vec<u8>,
    /// How much of an interrupted `write` has been taken over.
    written: usize,
    closing: Closing,
    /// A fatal error has been reported.
    failed: bool,
    is_established: bool,
    greeting: Greeting,
    ignores_eof: bool,
    peer: Vec<CertificateDer<'static>>,
}

impl Connection {
    pub(crate) fn client(
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        session: Arc<SessionStore>,
        ignores_eof: bool,
    ) -> Connection {
        Connection::new(Phase::Client(config, name, session), ignores_eof)
    }

    pub(crate) fn server(ignores_eof: bool) -> Connection {
        Connection::new(Phase::Server(Box::default()), ignores_eof)
    }

    fn new(phase: Phase, ignores_eof: bool) -> Connection {
        Connection {
            phase,
            record: Vec::new(),
            parting: Vec::new(),
            written: 0,
            closing: Closing::default(),
            failed: false,
            is_established: false,
            greeting: Greeting::default(),
            ignores_eof,
            peer: Vec::new(),
        }
    }

    /// Replaces the session with which a client is to begin. False once it has begun.
    pub(crate) fn set_session(&mut self, session: Arc<SessionStore>) -> bool {
        match &mut self.phase {
            Phase::Client(_, _, place) => {
                *place = session;
                true
            }
            _ => false,
        }
    }

    pub(crate) fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    pub(crate) fn is_established(&self) -> bool {
        self.is_established
    }

    pub(crate) fn peer(&self) -> &[CertificateDer<'static>] {
        &self.peer
    }

    /// Looks at the parts that both sides have in common, once there are any.
    pub(crate) fn common<T>(&self, f: impl FnOnce(&rustls::CommonState) -> Option<T>) -> Option<T> {
        match &self.phase {
            Phase::ClientRuns(connection) => f(connection),
            Phase::ServerRuns(connection) => f(connection),
            _ => None,
        }
    }

    pub(crate) fn pending(&mut self) -> usize {
        match &mut self.phase {
            Phase::ClientRuns(connection) => plaintext(connection),
            Phase::ServerRuns(connection) => plaintext(connection),
            _ => 0,
        }
    }

    /// Does the handshake.
    pub(crate) fn handshake(&mut self, wire: &Wire) -> Step<()> {
        self.check_alive()?;
        self.begin()?;
        loop {
            if let Phase::Server(_) = self.phase {
                self.greet(wire)?;
            }
            if let Phase::Greeted(_) = self.phase {
                return Err(Pause::Choose);
            }
            if !self.common(|common| Some(common.is_handshaking())).unwrap_or(true) {
                self.flush(wire)?;
                self.establish();
                return Ok(());
            }
            // What there is to say is said when the peer has nothing more to say: in one piece, which the network does not hold
            // back until the peer acknowledges the one before.
            match self.advance(wire) {
                Err(Pause::Wait(Direction::Reading)) => {
                    self.flush(wire)?;
                    return Err(Pause::Wait(Direction::Reading));
                }
                result => result?,
            }
        }
    }

    fn establish(&mut self) {
        if !self.is_established {
            self.is_established = true;
            let peer = self.common(|common| common.peer_certificates().map(<[_]>::to_vec));
            self.peer = peer.unwrap_or_default();
        }
    }

    fn begin(&mut self) -> Step<()> {
        if let Phase::Client(config, name, session) = &self.phase {
            let mut config = ClientConfig::clone(config);
            config.resumption = Resumption::store(session.clone());
            let begun = ClientConnection::new(Arc::new(config), name.clone());
            let mut connection = begun.map_err(|error| self.fatal(&error))?;
            connection.set_buffer_limit(None);
            self.phase = Phase::ClientRuns(Box::new(connection));
        }
        Ok(())
    }

    /// Reads the client's greeting.
    fn greet(&mut self, wire: &Wire) -> Step<()> {
        loop {
            let record = self.read_record(wire)?;
            let Phase::Server(acceptor) = &mut self.phase else { return Ok(()) };
            let Some(record) = record else {
                return Err(self.fail(Failure::unexpected_eof()));
            };
            if record[0] != 22 {
                return Err(self.refuse(Failure::ssl("UNEXPECTED_MESSAGE"), 10, wire));
            }
            if let Err(error) = acceptor.read_tls(&mut &record[..]) {
                return Err(self.fail(Failure::system(&error)));
            }
            match acceptor.accept() {
                Ok(None) => {}
                Ok(Some(accepted)) => {
                    self.greeting = greeting_of(&accepted);
                    self.phase = Phase::Greeted(Box::new(accepted));
                    return Ok(());
                }
                Err((error, mut alert)) => {
                    let _ = alert.write_all(&mut self.parting);
                    let failure = self.fatal(&error);
                    let _ = self.flush(wire);
                    return Err(failure);
                }
            }
        }
    }

    /// Goes on with the configuration that was chosen for the greeting.
    pub(crate) fn choose(&mut self, config: Arc<ServerConfig>, wire: &Wire) -> Step<()> {
        let Phase::Greeted(accepted) = std::mem::replace(&mut self.phase, Phase::Dead) else { return Ok(()) };
        match accepted.into_connection(config) {
            Ok(mut connection) => {
                connection.set_buffer_limit(None);
                self.phase = Phase::ServerRuns(Box::new(connection));
                Ok(())
            }
            // No certificate whose key the offered suites can use.
            Err((rustls::Error::General(_), _)) => {
                Err(self.refuse(Failure::ssl("NO_SHARED_CIPHER"), 40, wire))
            }
            Err((error, mut alert)) => {
                let _ = alert.write_all(&mut self.parting);
                let failure = self.fatal(&error);
                let _ = self.flush(wire);
                Err(failure)
            }
        }
    }

    /// Ends the handshake with an alert of our own.
    pub(crate) fn refuse(&mut self, failure: Failure, alert: u8, wire: &Wire) -> Pause {
        self.parting.extend([21, 3, 3, 0, 2, 2, alert]);
        let _ = self.flush(wire);
        self.phase = Phase::Dead;
        self.fail(failure)
    }

    fn check_alive(&self) -> Step<()> {
        if self.failed { Err(Pause::Fail(Failure::dead())) } else { Ok(()) }
    }

    fn fail(&mut self, failure: Failure) -> Pause {
        self.failed = true;
        Pause::Fail(failure)
    }

    fn fatal(&mut self, error: &rustls::Error) -> Pause {
        let failure = reason::of(error, self.is_established);
        self.fail(failure)
    }

    fn system(&mut self, error: &io::Error) -> Pause {
        Pause::Fail(Failure::system(error))
    }

    /// Sends what waits to be sent.
    pub(crate) fn flush(&mut self, wire: &Wire) -> Step<()> {
        let result = match &mut self.phase {
            Phase::ClientRuns(connection) => flush(connection, wire),
            Phase::ServerRuns(connection) => flush(connection, wire),
            _ => Ok(()),
        };
        let result = result.and_then(|()| {
            while !self.parting.is_empty() {
                let count = (&mut &*wire).write(&self.parting)?;
                self.parting.drain(..count);
            }
            Ok(())
        });
        match result {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(Pause::Wait(Direction::Writing)),
            Err(error) => Err(self.system(&error)),
        }
    }

    /// Reads one record and has rustls look at it. False at the end of the stream.
    fn advance(&mut self, wire: &Wire) -> Step<()> {
        let record = self.read_record(wire)?;
        let Some(record) = record else {
            return Err(self.end_of_stream());
        };
        let taken = match &mut self.phase {
            Phase::ClientRuns(connection) => take(connection, &record),
            Phase::ServerRuns(connection) => take(connection, &record),
            _ => Ok(()),
        };
        if let Err(error) = taken {
            if error == rustls::Error::NoCertificatesPresented {
                self.word_alert_for_older_versions();
            }
            // The alert goes out as well as it can.
            let _ = self.flush(wire);
            return Err(self.fatal(&error));
        }
        Ok(())
    }

    /// TLS 1.2 has no alert for a certificate that is missing; OpenSSL says `handshake_failure` there, in plain text.
    fn word_alert_for_older_versions(&mut self) {
        const CERTIFICATE_REQUIRED: u8 = 116;
        const HANDSHAKE_FAILURE: u8 = 40;
        let Phase::ServerRuns(connection) = &mut self.phase else { return };
        if connection.protocol_version() != Some(ProtocolVersion::TLSv1_2) {
            return;
        }
        let mut bytes = Vec::new();
        while connection.wants_write() && connection.write_tls(&mut bytes).is_ok() {}
        if let Some(last) = bytes.last_mut()
            && *last == CERTIFICATE_REQUIRED
        {
            *last = HANDSHAKE_FAILURE;
        }
        self.parting.extend(bytes);
    }

    fn end_of_stream(&mut self) -> Pause {
        if self.ignores_eof && self.is_established {
            self.closing.received = true;
            return Pause::Fail(Failure::closed());
        }
        self.fail(Failure::unexpected_eof())
    }

    /// A whole record; `None` at the end of the stream.
    fn read_record(&mut self, wire: &Wire) -> Step<Option<Vec<u8>>> {
        loop {
            let wanted = match self.record.get(..HEADER) {
                None => HEADER,
                Some(header) => HEADER + usize::from(u16::from_be_bytes([header[3], header[4]])),
            };
            if self.record.len() == wanted && wanted > HEADER {
                return Ok(Some(std::mem::take(&mut self.record)));
            }
            let had = self.record.len();
            self.record.resize(wanted, 0);
            let result = wire.receive(&mut self.record[had..]);
            self.record.truncate(had + *result.as_ref().unwrap_or(&0));
            match result {
                Ok(0) => return Ok(None),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Err(Pause::Wait(Direction::Reading));
                }
                Err(error) => return Err(self.system(&error)),
            }
            if had < HEADER && self.record.len() == HEADER {
                self.check_header()?;
            }
        }
    }

    /// Is this the header of a record?
    fn check_header(&mut self) -> Step<()> {
        let header = &self.record;
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        let failure = if (20..=24).contains(&header[0]) && header[1] == 3 && (1..=LONGEST).contains(&length) {
            return Ok(());
        } else if self.is_established {
            Failure::ssl("RECORD_LAYER_FAILURE")
        } else if [&b"GET "[..], b"POST ", b"HEAD ", b"PUT "]
            .iter()
            .any(|word| header.starts_with(&word[..4]))
        {
            Failure::ssl("HTTP_REQUEST")
        } else if header.starts_with(b"CONNE") {
            Failure::ssl("HTTPS_PROXY_REQUEST")
        } else if (20..=24).contains(&header[0]) && header[1] == 3 {
            match length {
                0 => Failure::ssl("LENGTH_TOO_SHORT"),
                _ => Failure::ssl("PACKET_LENGTH_TOO_LONG"),
            }
        } else {
            Failure::ssl("WRONG_VERSION_NUMBER")
        };
        Err(self.fail(failure))
    }

    /// Reads decrypted bytes. 0 once the peer has closed the connection and we have not.
    pub(crate) fn read(&mut self, buffer: &mut [u8], wire: &Wire) -> Step<usize> {
        if !self.is_established {
            self.handshake(wire)?;
        }
        loop {
            let result = match &mut self.phase {
                Phase::ClientRuns(connection) => connection.reader().read(buffer),
                Phase::ServerRuns(connection) => connection.reader().read(buffer),
                _ => return Err(Pause::Fail(Failure::dead())),
            };
            match result {
                Ok(0) if !buffer.is_empty() => self.closing.received = true,
                Ok(count) if !buffer.is_empty() => return Ok(count),
                _ => {}
            }
            if self.closing.received {
                return match self.closing.sent {
                    true => Err(Pause::Fail(Failure::closed())),
                    false => Ok(0),
                };
            }
            self.check_alive()?;
            if buffer.is_empty() {
                return Ok(0);
            }
            // Answers to what was read, such as new keys, need not wait for the next write.
            match self.flush(wire) {
                Err(Pause::Wait(_)) | Ok(()) => {}
                Err(pause) => return Err(pause),
            }
            match self.advance(wire) {
                Err(Pause::Fail(failure)) if self.closing.received && self.ignores_eof => {
                    let _ = failure;
                }
                result => result?,
            }
        }
    }

    /// Encrypts and sends all of `bytes`, from `at` on; `at` is how far it came.
    pub(crate) fn write(&mut self, bytes: &[u8], at: &mut usize, wire: &Wire) -> Step<()> {
        if !self.is_established {
            self.handshake(wire)?;
        }
        if self.failed {
            return Err(Pause::Fail(Failure::dead().at(crate::failure::line::SYSTEM_EOF)));
        }
        if self.closing.sent {
            return Err(Pause::Fail(Failure::ssl("PROTOCOL_IS_SHUTDOWN")));
        }
        loop {
            self.flush(wire)?;
            let rest = bytes.get(*at..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(());
            }
            let chunk = &rest[..rest.len().min(CHUNK)];
            let result = match &mut self.phase {
                Phase::ClientRuns(connection) => connection.writer().write(chunk),
                Phase::ServerRuns(connection) => connection.writer().write(chunk),
                _ => return Err(Pause::Fail(Failure::dead())),
            };
            match result {
                Ok(count) => *at += count,
                Err(error) => return Err(self.system(&error)),
            }
        }
    }

    /// How far the last `write` came that could not wait; it is to be made again with the same bytes.
    pub(crate) fn take_written(&mut self) -> usize {
        std::mem::take(&mut self.written)
    }

    pub(crate) fn keep_written(&mut self, at: usize) {
        self.written = at;
    }

    /// Says goodbye, and waits for the peer to do so.
    pub(crate) fn shutdown(&mut self, wire: &Wire) -> Step<()> {
        if !self.is_established || self.failed {
            return Err(Pause::Fail(Failure::ssl("SHUTDOWN_WHILE_IN_INIT")));
        }
        if !self.closing.sent {
            self.closing.sent = true;
            match &mut self.phase {
                Phase::ClientRuns(connection) => connection.send_close_notify(),
                Phase::ServerRuns(connection) => connection.send_close_notify(),
                _ => {}
            }
        }
        self.flush(wire)?;
        loop {
            if self.closing.received {
                return Ok(());
            }
            let mut byte = [0];
            let result = match &mut self.phase {
                Phase::ClientRuns(connection) => connection.reader().read(&mut byte),
                Phase::ServerRuns(connection) => connection.reader().read(&mut byte),
                _ => return Ok(()),
            };
            match result {
                Ok(0) => self.closing.received = true,
                Ok(_) => return Err(self.fail(Failure::ssl("APPLICATION_DATA_AFTER_CLOSE_NOTIFY"))),
                Err(_) => match self.advance(wire) {
                    Err(Pause::Fail(_)) if self.closing.received => {}
                    result => result?,
                },
            }
        }
    }
}

fn greeting_of(accepted: &Accepted) -> Greeting {
    let hello = accepted.client_hello();
    Greeting {
        server_name: hello.server_name().map(str::to_owned),
        protocols: hello.alpn().map(|protocols| protocols.map(<[u8]>::to_vec).collect()),
        suites: hello.cipher_suites().iter().filter_map(|id| suites::of_id(*id)).collect(),
    }
}

fn flush<D: SideData>(connection: &mut ConnectionCommon<D>, wire: &Wire) -> io::Result<()> {
    while connection.wants_write() {
        match connection.write_tls(&mut &*wire) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => drop(result?),
        }
    }
    Ok(())
}

fn take<D: SideData>(connection: &mut ConnectionCommon<D>, mut record: &[u8]) -> Result<(), rustls::Error> {
    while !record.is_empty() {
        if connection.read_tls(&mut record).is_err() {
            return Err(rustls::Error::PeerSentOversizedRecord);
        }
        connection.process_new_packets()?;
    }
    Ok(())
}

fn plaintext<D: SideData>(connection: &mut ConnectionCommon<D>) -> usize {
    connection.process_new_packets().map_or(0, |state| state.plaintext_bytes_to_read())
}
