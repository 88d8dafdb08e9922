//! The wire against small servers of the test's own, good and hostile.

mod hello; // Raw hellos against a real server and against scripted bytes.
mod http2; // The client against scripted frames: flow control, resets, floods, and what is no HTTP/2.
mod openssl; // `openssl s_server` as a process, and certificates and signatures that only that program makes.
mod openssl_rogue; // The rogue client against it.
mod openssl_sessions; // After its handshake with it: resumption, replays, renegotiation, late requests.
mod pki; // A CA, a server and two clients, made fresh for each test binary.
mod careless; // Servers that take any handshake, in the versions' own words: what the client leaves out is all that is missing.
mod gullible; // Servers that check too little: each wrong handshake of the rogue client gets through where it should.
mod lenient; // The server with one lapse: each lets its own wrong handshake through and no other.
mod rogue; // The rogue client against rustls, strict and gullible: honest, and wrong in every way that it knows.
mod rogue_sessions; // What it does after the handshake: resumption, replays, renegotiation, certificates that nobody asked for.
mod server; // Servers on loopback: rustls with client authentication, and ones that follow a script of bytes.
mod tls; // Every outcome of a handshake, late alerts, fragmentation.
mod tls_sessions; // Tickets, resumption under another plan, early data.
