//! The words of a scenario file: where to connect, how to present oneself, how to spell what is forged.
//!
//! Each word is a thing that an attacker does. What it means in bytes is decided by the plan; what came of it by the judge.

use crate::word::words;

words! {
    /// Which listener of the deployment an exchange goes to.
    Endpoint {
        /// The TLS endpoint that clients use.
        Front = "front",
        /// The app's own listener, which only the proxy should reach. Several: each is tried.
        Backend = "backend",
        /// The plain-HTTP listener.
        Plain = "plain",
        /// A virtual host on the front's socket that asks for no client certificate.
        Other = "other",
    }
}

words! {
    /// Another address of the backend's own host, on the backend's port, where nobody should listen.
    Interface {
        /// `::1`.
        Ipv6Loopback = "ipv6-loopback",
        /// `127.0.0.2`, which is this host as well: an app that binds all interfaces answers there.
        OtherLoopback = "other-loopback",
        /// The address by which other machines know this host.
        HostAddress = "host-address",
    }
}

words! {
    /// How the possession of the private key is proved in CertificateVerify (RFC 8446 section 4.4.3).
    Possession {
        /// With the certificate's own key, over this transcript.
        Honest = "honest",
        /// Signed by a different key of the same type.
        WrongKey = "wrong-key",
        /// Signed over a transcript that is not this connection's.
        WrongTranscript = "wrong-transcript",
        /// Labelled with a scheme that is not the signature's.
        WrongScheme = "wrong-scheme",
        /// Random bytes instead of a signature.
        Garbage = "garbage",
        /// Zero bytes instead of a signature.
        EmptySignature = "empty-signature",
        /// The signature of an earlier honest connection.
        Replayed = "replayed",
        /// One bit of an honest signature flipped.
        BitFlipped = "bit-flipped",
    }
}

words! {
    /// What a TLS client of our own does to its handshake, or right after it. It can send what no library sends; with
    /// `honest` it does nothing wrong, which is its own control.
    Handshake {
        /// Once the handshake is done, another user's certificate that nobody asked for.
        CertificateAfterwards = "certificate-afterwards",
        /// An extension that nobody asked for in each entry of Certificate (RFC 8446 section 4.4.2).
        CertificateExtension = "certificate-extension",
        /// No Certificate message at all, although the server asked.
        CertificateOmitted = "certificate-omitted",
        /// Certificate and CertificateVerify, although the server did not ask.
        CertificateUnasked = "certificate-unasked",
        /// Certificate without CertificateVerify (CVE-2022-25640).
        CertificateVerifyOmitted = "certificate-verify-omitted",
        /// The very same early data on two connections; `tls.early-data` says that the request is it.
        EarlyDataReplayed = "early-data-replayed",
        /// A Certificate message with no certificate in it.
        EmptyCertificate = "empty-certificate",
        /// A Certificate message with no certificate in it, and yet a CertificateVerify (CVE-2022-25638).
        EmptyCertificateVerified = "empty-certificate-verified",
        /// The request without a Finished before it, under the keys that would follow it.
        FinishedOmitted = "finished-omitted",
        /// The request without a Finished before it, under the keys of the handshake.
        FinishedOmittedEarly = "finished-omitted-early",
        /// Nothing wrong.
        Honest = "honest",
        /// An offer to show the certificate after the handshake (RFC 8446 section 4.2.6), when asked: the one that is
        /// presented, and with `present = "none"` none then either.
        PostHandshakeOffered = "post-handshake-offered",
        /// A renegotiation of TLS 1.2 with another user's certificate, bound to the handshake before (RFC 5746).
        Renegotiation = "renegotiation",
        /// The same without that binding (CVE-2009-3555).
        RenegotiationLegacy = "renegotiation-legacy",
        /// A truthful signature with ECDSA and SHA-1.
        SchemeEcdsaSha1 = "scheme-ecdsa-sha1",
        /// A truthful signature with the RSA padding that TLS 1.3 forbids.
        SchemeRsaPkcs1 = "scheme-rsa-pkcs1",
        /// A truthful signature with RSA and SHA-1.
        SchemeRsaSha1 = "scheme-rsa-sha1",
        /// CertificateVerify with the context string of a server.
        ServerContext = "server-context",
        /// Two Certificate messages.
        TwoCertificates = "two-certificates",
        /// One wrong bit in Finished.
        WrongFinished = "wrong-finished",
        /// CertificateVerify over the messages before Certificate: it covers no certificate.
        WrongTranscript = "wrong-transcript",
    }
}

words! {
    /// A TLS version to be offered alone.
    TlsVersion {
        /// TLS 1.2 only (RFC 5246).
        Tls12 = "1.2",
        /// TLS 1.3 only (RFC 8446).
        Tls13 = "1.3",
    }
}

words! {
    /// The HTTP version of the request.
    HttpVersion {
        /// HTTP/1.0, without the default of a persistent connection.
        Http10 = "1.0",
        /// HTTP/1.1 (RFC 9112).
        Http11 = "1.1",
        /// HTTP/2 (RFC 9113), offered by ALPN on TLS, by prior knowledge on plain TCP.
        Http2 = "2",
    }
}

words! {
    /// A host name derived from the deployment's own: for SNI, Host and `:authority`.
    HostForm {
        /// The front's own name.
        Front = "front",
        /// The virtual host that asks for no certificate.
        Other = "other",
        /// No name at all: no SNI extension, no Host line.
        Absent = "absent",
        /// The front's name in upper case.
        UpperCase = "upper-case",
        /// The front's name with a final dot (an absolute DNS name).
        TrailingDot = "trailing-dot",
        /// The front's name with its port.
        WithPort = "with-port",
        /// The front's IP address.
        Ip = "ip",
        /// A label in front of the front's name.
        Child = "child",
        /// A name that belongs to nobody here.
        Unknown = "unknown",
        /// Two lines: the virtual host without certificates, then the front.
        OtherThenFront = "other-then-front",
        /// Two lines: the front, then the virtual host without certificates.
        FrontThenOther = "front-then-other",
        /// An absolute-form target for the front with a Host line of the other virtual host.
        AbsoluteFront = "absolute-front",
        /// An absolute-form target for the other virtual host with a Host line of the front.
        AbsoluteOther = "absolute-other",
    }
}

words! {
    /// Another way to write a path that some servers take for the same route.
    PathForm {
        /// As it is.
        Plain = "plain",
        /// `//x`.
        DoubleSlash = "double-slash",
        /// `/./x`.
        DotSegment = "dot-segment",
        /// `/y/../x`.
        ParentSegment = "parent-segment",
        /// `/%2e/x`.
        EncodedDot = "encoded-dot",
        /// `/y/%2e%2e/x`.
        EncodedParent = "encoded-parent",
        /// The first letter percent-encoded.
        EncodedLetter = "encoded-letter",
        /// `/%2fx`.
        EncodedSlash = "encoded-slash",
        /// `/x;p=1`.
        PathParameter = "path-parameter",
        /// `/y;/x`: a parameter on an empty segment before the route.
        ParameterSegment = "parameter-segment",
        /// The route in upper case.
        UpperCase = "upper-case",
        /// `/x.`.
        TrailingDot = "trailing-dot",
        /// `/x/`.
        TrailingSlash = "trailing-slash",
        /// `/x%20`.
        TrailingSpace = "trailing-space",
        /// `\x`.
        Backslash = "backslash",
        /// The first slash as the overlong UTF-8 sequence C0 AF.
        OverlongSlash = "overlong-slash",
        /// `/x%3f`.
        EncodedQuestion = "encoded-question",
        /// `/x%23`.
        EncodedHash = "encoded-hash",
        /// `/x%00`.
        EncodedNul = "encoded-nul",
        /// The public route, a parent segment, the protected one.
        BehindPublic = "behind-public",
        /// As before, with the parent segment encoded.
        BehindPublicEncoded = "behind-public-encoded",
    }
}

words! {
    /// Where a forged header stands in relation to the same header spelled plainly.
    Place {
        /// Only the forged one is sent.
        Alone = "alone",
        /// Sent twice, forged values both times: the first and the last reader are both served.
        Twice = "twice",
        /// Before an empty line of the same name.
        BeforeEmpty = "before-empty",
        /// After an empty line of the same name.
        AfterEmpty = "after-empty",
        /// One line, the forged value joined to an honest one by a comma, forged first.
        JoinedFirst = "joined-first",
        /// One line, the honest value first.
        JoinedLast = "joined-last",
        /// As a trailer after a chunked body (HTTP/1.1) or a trailing HEADERS frame (HTTP/2).
        Trailer = "trailer",
    }
}

words! {
    /// Which header names a forger writes.
    ForgedNames {
        /// The deployment's own identity headers.
        Dialect = "dialect",
        /// The well-known names that an app may read beside its own.
        WellKnown = "well-known",
    }
}

words! {
    /// Where a secret is planted, to be looked for afterwards.
    Canary {
        /// The common name of a certificate.
        CommonName = "common-name",
        /// A subject alternative name of a certificate.
        SubjectAltName = "subject-alt-name",
        /// The organisational unit of a certificate.
        OrganizationalUnit = "organizational-unit",
        /// The presented certificate as PEM or base64 DER.
        Certificate = "certificate",
        /// The serial number of the presented certificate.
        Serial = "serial",
        /// A cookie.
        Cookie = "cookie",
        /// An `Authorization` header.
        Authorization = "authorization",
        /// An API key in the deployment's header.
        ApiKey = "api-key",
        /// The value of a forged identity header.
        ForgedHeader = "forged-header",
        /// A form or JSON body.
        Body = "body",
        /// The header that authenticates the proxy to the app.
        ProxySecret = "proxy-secret",
        /// A line break followed by a line that looks like a log entry.
        LineBreak = "line-break",
        /// An ANSI escape sequence.
        AnsiEscape = "ansi-escape",
        /// A quote that closes a JSON or combined-log field.
        QuoteBreak = "quote-break",
        /// Nothing by itself: a certificate's name or a header holds `gauntlet-forged-line` behind a line break, and no line may
        /// begin with it.
        ForgedLine = "forged-line",
    }
}

words! {
    /// Where a canary is looked for.
    SearchPlace {
        /// The log files of the deployment.
        Logs = "logs",
        /// The response that answers the very request.
        Response = "response",
        /// The headers of that response.
        ResponseHeaders = "response-headers",
    }
}

words! {
    /// What a scenario may need of a deployment before it can be tried.
    Need {
        /// Another route that only a role may use, and a user who has it.
        Admin = "admin",
        /// A second trusted CA whose key is at hand.
        AlsoTrusted = "also-trusted",
        /// An API key beside the certificate.
        ApiKey = "api-key",
        /// A response says who the app thinks the client is.
        AppIdentity = "app-identity",
        /// The address of the app's own listener.
        Backend = "backend",
        /// A route that changes state.
        Change = "change",
        /// A route that hands out CSRF tokens.
        Csrf = "csrf",
        /// The app echoes something of the request.
        Echo = "echo",
        /// A route that ends in a 500.
        Error = "error",
        /// The front speaks HTTP/2.
        Http2 = "http2",
        /// The proxy tells the app who the client is in headers.
        Identity = "identity",
        /// A login that gives a session cookie.
        Login = "login",
        /// Log files that can be read.
        Logs = "logs",
        /// Certificates can be minted under a CA that the deployment trusts.
        Mint = "mint",
        /// A virtual host that asks for no certificate.
        OtherNames = "other-names",
        /// Objects with owners.
        Owned = "owned",
        /// A list of the objects that one may see.
        OwnedList = "owned-list",
        /// A change of an owned object.
        OwnedChange = "owned-change",
        /// A list narrowed down to each user's objects.
        OwnedFilter = "owned-filter",
        /// Something below an owned object.
        OwnedNested = "owned-nested",
        /// A plain-HTTP listener.
        Plain = "plain",
        /// A public route.
        Public = "public",
        /// The deployment can be told to read its files again.
        Reload = "reload",
        /// An OCSP responder that the front asks and the harness runs.
        Responder = "responder",
        /// The key of the CA above the issuer.
        Root = "root",
        /// A header authenticates the proxy to the app.
        ProxySecret = "proxy-secret",
        /// A route that needs the API key beside the certificate.
        SecondFactor = "second-factor",
        /// The places of private keys.
        Storage = "storage",
        /// A recording relay between proxy and app.
        Tap = "tap",
        /// The front says that it speaks TLS 1.3 alone.
        Tls13Alone = "tls13-alone",
        /// TLS between proxy and app, where the tap shows the app's certificate.
        UpstreamTls = "upstream-tls",
        /// The proxy has a certificate of its own to show to the app.
        UpstreamMutual = "upstream-mutual",
    }
}
