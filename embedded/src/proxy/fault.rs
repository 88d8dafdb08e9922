//! What the proxy can be made to do wrong. Each key is one small difference from the strict proxy.

faults! {
    /// The `[faults]` table of proxy.toml.
    pub struct ProxyFaults {
        /// With which ALPN a client certificate is required.
        alpn_client_auth: AlpnClientAuth {
            /// The choice of protocol changes nothing.
            Always,
            /// Connections that offer `h2` get through without one.
            ForgottenOnH2,
        }
        /// Whether a refused certificate leaves a line in the logs.
        audit: Audit {
            /// Which certificate and why.
            Write,
            /// Nothing (CWE-778).
            Omit,
        }
        /// Whether an issuer must be a CA within its path length (RFC 5280 4.2.1.9).
        basic_constraints: BasicConstraints {
            /// It must.
            Check,
            /// Any certificate may issue others.
            Ignore,
        }
        /// How a request body is framed towards the app.
        body_framing: BodyFraming {
            /// With one `Content-Length` that is its length.
            Length,
            /// Its bytes follow a head without any length, so they are read as the next request (CWE-444).
            Unframed,
        }
        /// Which certificate of the client's list the app is told about.
        chain_element: ChainElement {
            /// The one whose key was proven.
            Leaf,
            /// That one too, but all else that the client sent goes along, whether it leads up from there or not.
            AsSent,
            /// The last one that the client sent (CVE-2023-2422).
            Last,
        }
        /// When the client's own identity headers are removed.
        clear: Clear {
            /// In every branch.
            Always,
            /// Only where a certificate was presented: the other branch neither removes nor sets them.
            WithCertificate,
            /// Everywhere but on the public, static and error paths.
            NotOnPublicPaths,
            /// Only the first header of the dialect; the others pass.
            OnlyFirst,
            /// Never; they are only overwritten by those that the proxy sets.
            Never,
        }
        /// What happens without a good certificate on a vhost that requires one.
        client_auth: ClientAuth {
            /// The handshake fails.
            Require,
            /// A client without a certificate is let through.
            Optional,
            /// So is one with a certificate from nowhere; the verify header says FAILED (`optional_no_ca`).
            OptionalAny,
        }
        /// Whether an unknown critical extension refuses a certificate (RFC 5280 4.2).
        critical_extensions: CriticalExtensions {
            /// It does.
            Refuse,
            /// It is passed over.
            Ignore,
        }
        /// What becomes of an app's answer that ends before it is whole (RFC 9112 section 8).
        cut_answer: CutAnswer {
            /// The client is told of a bad gateway.
            Refuse,
            /// What there is of it is sent as a whole answer.
            Complete,
        }
        /// Whether TLS 1.3 early data is taken (RFC 8446 8).
        early_data: EarlyData {
            /// No ticket allows it.
            Refuse,
            /// It is served like any request.
            Accept,
            /// It is, and a ticket is good any number of times: what was recorded once can be sent again.
            Replay,
        }
        /// What the error pages of the proxy show.
        error_page: ErrorPage {
            /// The status.
            Generic,
            /// Also the headers of the request as the app would get them (CWE-209).
            Headers,
        }
        /// Whether the extended key usage must hold clientAuth (RFC 5280 4.2.1.12).
        extended_key_usage: ExtendedKeyUsage {
            /// It must be there and name clientAuth.
            Check,
            /// anyExtendedKeyUsage, or no extension, will do.
            AcceptAny,
            /// Any purpose will do.
            Ignore,
        }
        /// Who says `X-Forwarded-Proto`, `-For` and `-Host`.
        forwarded: Forwarded {
            /// The proxy.
            Set,
            /// The client, when it sends them.
            Pass,
        }
        /// Which rule of the handshake a client is not held to (RFC 8446 4.4, RFC 5246 7.3). Where one is named, clients that want no
        /// session are served by a TLS of the proxy's own: no library lets go of these rules.
        handshake: Handshake {
            /// Every rule holds.
            Strict,
            /// A certificate that comes unasked after the handshake replaces the first one.
            CertificateAfterwards,
            /// The Certificate message may be missing.
            CertificateOmitted,
            /// CertificateVerify may be missing (CVE-2022-25640).
            CertificateVerifyOmitted,
            /// An empty Certificate message will do.
            EmptyCertificate,
            /// Requests may come before Finished.
            FinishedOmitted,
            /// CertificateVerify may use SHA-1, and in TLS 1.3 the padding of PKCS#1 v1.5.
            LegacyScheme,
            /// Clients may renegotiate, with another certificate and without a binding (CVE-2009-3555).
            Renegotiation,
            /// CertificateVerify may have a server's context string.
            ServerContext,
            /// CertificateVerify need not cover the certificate.
            TranscriptBeforeCertificate,
            /// What Finished holds is not looked at.
            WrongFinished,
        }
        /// How much of a ClientHello is looked at for the server name.
        hello_peek: HelloPeek {
            /// All of it, in the handshake.
            Whole,
            /// Its first record: a longer one goes to a default that asks for no certificate (CVE-2026-32305).
            FirstRecord,
        }
        /// When the names in the client's `Connection` header are removed.
        hop_by_hop: HopByHop {
            /// Before the proxy sets its own headers.
            BeforeSet,
            /// After: the client can remove the identity (CWE-348).
            AfterSet,
        }
        /// What becomes of a request whose Host names another vhost than its SNI.
        host_mismatch: HostMismatch {
            /// 421.
            Refuse,
            /// It is served by the vhost that the Host names (CVE-2016-4979, CVE-2025-23048).
            Serve,
        }
        /// `Strict-Transport-Security` (RFC 6797).
        hsts: Hsts {
            /// As configured.
            On,
            /// For five minutes.
            Short,
            /// Not sent.
            Off,
        }
        /// How the end of an HTTP/1.1 request is found (RFC 9112 6.3), and what of the framing is handed on.
        http1: Http1 {
            /// Ambiguous requests are refused, and all others framed anew.
            Strict,
            /// `Content-Length` wins over `Transfer-Encoding`, and both are handed on (CL.TE).
            LengthWins,
            /// `Transfer-Encoding` wins and is removed as hop-by-hop; the client's length and chunks stay (TE.CL).
            DropCoding,
            /// Only the exact word `chunked` under the exact name is a coding; anything else is handed on unread (TE.TE).
            Verbatim,
            /// The first of several lengths counts, the last is handed on (CL.CL).
            FirstLength,
            /// The body of a GET is read and dropped, its length handed on (0.CL).
            BodyForgotten,
            /// A bare line feed is part of a value, and handed on.
            BareLineFeed,
        }
        /// How an HTTP/2 request is written down as HTTP/1.1 (RFC 9113 8.1.1, 8.2).
        http2: Http2 {
            /// Malformed requests are refused.
            Strict,
            /// The client's `content-length` is handed on, whatever came as DATA (h2.CL).
            LengthPassed,
            /// The client's `transfer-encoding` is handed on (h2.TE).
            CodingPassed,
            /// Line breaks in names, values and `:path` are handed on.
            Unchecked,
        }
        /// How an identity header is set when the client sent one of that name.
        identity_set: IdentitySet {
            /// Instead of it.
            Replace,
            /// A second line after it.
            After,
            /// A second line before it.
            Before,
            /// Joined to it with a comma.
            Join,
        }
        /// Whether an issuer's key usage must allow keyCertSign (RFC 5280 4.2.1.3).
        issuer_key_usage: IssuerKeyUsage {
            /// It must.
            Check,
            /// It need not.
            Ignore,
        }
        /// Smallest keys of the chain.
        key_strength: KeyStrength {
            /// RSA of 2048 bits with an exponent from 65537, P-256, P-384, P-521, Ed25519.
            Check,
            /// Whatever the signature check can compute with: RSA from 1024 bits, any exponent.
            Ignore,
        }
        /// Whether the leaf's key usage must allow digitalSignature (RFC 8446 4.4.2.4).
        key_usage: KeyUsage {
            /// It must, if the extension is there.
            Check,
            /// It need not.
            Ignore,
        }
        /// Whether log lines are escaped.
        log_escape: LogEscape {
            /// Control characters and quotes are.
            Escape,
            /// Nothing is (CWE-117).
            Raw,
        }
        /// What the access log holds beyond time, peer, method, target, status and user.
        log_extra: LogExtra {
            /// Nothing.
            Nothing,
            /// The client certificate in PEM (CWE-532).
            Certificate,
            /// Its subject and its subject alternative names.
            Subject,
            /// The request's cookies.
            Cookies,
            /// The request's `Authorization` and API key headers.
            Authorization,
            /// All headers of the request.
            Headers,
            /// The request's body.
            Body,
        }
        /// Whether name constraints of the issuers bind the leaf (RFC 5280 4.2.1.10).
        name_constraints: NameConstraints {
            /// They do.
            Check,
            /// They are passed over.
            Ignore,
        }
        /// What of an OCSP responder's answers makes a certificate good (RFC 6960 3.2, 4.2.2.2); without a responder nobody asks.
        ocsp: Ocsp {
            /// `good`, of now, about this certificate, signed by its issuer or by whom the issuer certified for it.
            Check,
            /// A responder that does not answer is passed over.
            AcceptNoAnswer,
            /// So is one that answers tryLater and the like.
            AcceptNoStatus,
            /// `unknown` will do.
            AcceptUnknown,
            /// An answer after its nextUpdate still counts.
            AcceptStale,
            /// The signature is not checked.
            AcceptUnverified,
            /// The first answer counts, whomever it is about.
            FirstAnswer,
            /// Only the leaf is asked about.
            LeafOnly,
            /// Nobody asks.
            Ignore,
        }
        /// What a certificate that cannot be parsed, or is absurdly large, does to the proxy.
        odd_certificate: OddCertificate {
            /// It is refused.
            Refuse,
            /// One that cannot be parsed ends the proxy: it closes every connection from then on (CVE-2024-24783).
            Crash,
            /// An absurdly long list stops the proxy: it answers nobody from then on.
            Hang,
        }
        /// Headers whose names hold `_`, `.` or anything but letters, digits and `-`.
        odd_names: OddNames {
            /// They do not reach the app.
            Drop,
            /// They do, so an app that reads `_` as `-` merges them.
            Pass,
        }
        /// Headers in which other conventions carry an identity or an original URL.
        other_dialects: OtherDialects {
            /// They are removed.
            Drop,
            /// They pass.
            Pass,
        }
        /// What a header that is longer than the app takes becomes.
        oversize: Oversize {
            /// The request is refused.
            Refuse,
            /// An identity header over 2 KiB is forwarded empty (HAProxy's buffer).
            Empty,
            /// A head over 8 KiB overruns a buffer: the proxy closes every connection from then on (CWE-120).
            Crash,
        }
        /// What the plain listener does.
        plain: Plain {
            /// It redirects to https.
            Redirect,
            /// It forwards to the app, as the client's headers say (CWE-319).
            Serve,
        }
        /// Whether the client must prove that it holds the key (RFC 8446 4.4.3).
        possession: Possession {
            /// It must.
            Check,
            /// The CertificateVerify signature is not checked (CWE-295).
            Ignore,
        }
        /// Where the plain listener's redirect leads.
        redirect_host: RedirectHost {
            /// To the vhost that the Host names, if there is one.
            Vhost,
            /// To whatever the Host says (CWE-601).
            Request,
        }
        /// What a reload does.
        reload: Reload {
            /// All files are read again.
            Read,
            /// Nothing, and it says that it went well.
            Ignore,
        }
        /// What a resumed session proves.
        resumption: Resumption {
            /// Its certificate is verified again, and no ticket outlives a reload.
            Verify,
            /// All that it ever did: neither expiry nor revocation nor a reload is noticed.
            Trust,
            /// Nothing: the certificate is looked for in the handshake, where a resumed session has none.
            Forget,
        }
        /// Which CRLs refuse a certificate (RFC 5280 6.3).
        revocation: Revocation {
            /// Current ones, for every level of the chain; without one the certificate is refused.
            Chain,
            /// Only the leaf is looked up.
            Leaf,
            /// Lists after their nextUpdate still count.
            AcceptStale,
            /// A level without a list is passed over.
            AcceptUnknown,
            /// The signatures of lists are not checked.
            AcceptUnverified,
            /// A serial number counts on any list, whoever issued the certificate.
            SerialAlone,
            /// None.
            Ignore,
        }
        /// Serial numbers (RFC 5280 4.1.2.2).
        serial: Serial {
            /// Positive, at most 20 octets.
            Check,
            /// Whatever.
            Ignore,
        }
        /// Signature algorithms of the chain.
        signature_algorithms: SignatureAlgorithms {
            /// SHA-256 and better.
            Strong,
            /// SHA-1 too (RFC 9155).
            AcceptSha1,
            /// MD5 and SHA-1 too.
            AcceptMd5,
        }
        /// Session tickets of the vhosts.
        tickets: Tickets {
            /// Each vhost has its own keys.
            PerVhost,
            /// All share one key and one cache (CVE-2025-23419).
            Shared,
        }
        /// In which handshakes the certificate is required.
        tls_client_auth: TlsClientAuth {
            /// In each.
            Always,
            /// A client that offers TLS 1.2 only gets through without one.
            ForgottenOn12,
            /// A client that offers TLS 1.3 gets through without one.
            ForgottenOn13,
            /// A client that offers to show one after the handshake (RFC 8446 4.2.6) is asked neither then nor before.
            PutOff,
        }
        /// TRACE (RFC 9110 9.3.8).
        trace: Trace {
            /// 405.
            Refuse,
            /// The request as the app would get it comes back (CWE-200).
            Echo,
        }
        /// Trailer fields (RFC 9110 6.5.1).
        trailers: Trailers {
            /// They are dropped, and a body or trailer section that cannot be read is the client's mistake.
            Drop,
            /// A body or trailer section that cannot be read is taken for trouble with the app (RFC 9110 15.6.3).
            BlameApp,
            /// They are merged into the headers, after the identity was set.
            Merge,
        }
        /// Which issuers are trusted.
        trust: Trust {
            /// Those of the bundle.
            Bundle,
            /// Any whose name is that of one in the bundle; the signature is not checked.
            NameOnly,
            /// A self-signed leaf is its own authority.
            SelfSigned,
            /// Any at all.
            Any,
        }
        /// What a ClientHello without a vhost's name gets.
        unknown_sni: UnknownSni {
            /// Without a name: the first vhost. With an unknown one: an alert.
            Strict,
            /// A default vhost that asks for no certificate and serves every Host.
            OpenDefault,
        }
        /// `Upgrade` of the client, `h2c` and `websocket` included.
        upgrade: Upgrade {
            /// It is dropped.
            Strip,
            /// It is passed, and a 101 opens a tunnel to the app (CWE-444).
            Pass,
        }
        /// What is asked of an https upstream, and what it is told.
        upstream_tls: UpstreamTls {
            /// Its certificate's chain, its name and the handshake's signature.
            Verify,
            /// Nothing (CWE-295).
            Ignore,
            /// Its chain and its name, but not that it holds the key (CWE-347).
            IgnoreSignature,
            /// All, but the proxy's own certificate is never shown.
            Anonymous,
            /// All, but the ClientHello does not name it.
            Unnamed,
        }
        /// Validity periods (RFC 5280 4.1.2.5).
        validity: Validity {
            /// Now is within those of the whole chain.
            Check,
            /// Nobody looks.
            Ignore,
            /// Only notBefore is looked at, so an expired certificate passes.
            IgnoreExpiry,
        }
    }
}
