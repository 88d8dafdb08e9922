//! What the app can be made to do wrong. Each key is one small difference from the strict app.

faults! {
    /// The `[faults]` table of app.toml.
    pub struct AppFaults {
        /// What an API key is good for.
        api_key: ApiKey {
            /// A second factor beside the certificate of the same user.
            Factor,
            /// Enough alone (CWE-308).
            Fallback,
        }
        /// The attributes of the cookies.
        cookies: Cookies {
            /// `Secure`, `HttpOnly` (the session's), `SameSite=Strict`.
            Strict,
            /// Without `Secure` (CWE-614).
            NoSecure,
            /// Without `HttpOnly` (CWE-1004).
            NoHttpOnly,
            /// Without `SameSite` (CWE-1275).
            NoSameSite,
        }
        /// Whether a change needs the CSRF token and its cookie.
        csrf: Csrf {
            /// It does.
            Check,
            /// A certificate is enough (CWE-352).
            Exempt,
        }
        /// Two lines of one identity header.
        duplicates: Duplicates {
            /// The request is refused.
            Refuse,
            /// The first counts.
            First,
            /// The last counts.
            Last,
        }
        /// What the page of a server error shows.
        error_page: ErrorPage {
            /// Nothing but the status.
            Generic,
            /// A traceback and the request's headers (CWE-209, CWE-215).
            Debug,
        }
        /// Whether `X-Forwarded-Proto: http` changes anything.
        forwarded_proto: ForwardedProto {
            /// It does not.
            Ignore,
            /// Cookies lose `Secure`, and the request is redirected to https.
            Trust,
        }
        /// HTTP/2 without TLS on the app's listener.
        h2c: H2c {
            /// Neither by upgrade nor with prior knowledge.
            Refuse,
            /// By `Upgrade: h2c`: requests in that connection are no longer seen by the proxy.
            Accept,
        }
        /// How HTTP/1.1 with a transfer coding is read.
        http1: Http1 {
            /// As RFC 9112 has it, or refused.
            Strict,
            /// Blanks around names, bare line feeds, odd codings and odd sizes of chunks are made the best of.
            Lenient,
        }
        /// Whether the issuer of the certificate must be the enrolled one.
        issuer: Issuer {
            /// It must.
            Check,
            /// Any CA that the proxy trusts may name anybody (CWE-295).
            Ignore,
        }
        /// Which certificate of a forwarded list names the user.
        list_element: ListElement {
            /// The leaf.
            Leaf,
            /// The last (CVE-2023-2422).
            Last,
        }
        /// Whether log lines are escaped.
        log_escape: LogEscape {
            /// Control characters and quotes are.
            Escape,
            /// Nothing is, and percent escapes are resolved (CWE-117).
            Raw,
        }
        /// What the access log holds beyond method, target, status and user.
        log_extra: LogExtra {
            /// Nothing.
            Nothing,
            /// All headers, as Django's META: certificate, cookies, keys (CWE-532).
            Meta,
            /// The subject of the certificate.
            Subject,
            /// The cookies.
            Cookies,
            /// `Authorization` and `X-Api-Key`.
            Authorization,
            /// The body.
            Body,
        }
        /// How a certificate's names are held against the enrolled ones.
        matching: Matching {
            /// Equal, letter by letter.
            Exact,
            /// Equal but for case.
            CaseInsensitive,
            /// Equal but for spaces around values.
            Trimmed,
            /// The last `CN=` that a pattern finds in the subject's text, wherever it stands.
            CommonNamePattern,
            /// The first of several common names.
            FirstCommonName,
            /// The last of several common names.
            LastCommonName,
            /// The octets of the common name, whatever string type they are in.
            CommonNameOctets,
            /// Equal when letters that look alike are one letter and invisible ones are none.
            Folded,
            /// One of the pieces of an alternative name of any kind, split at commas.
            SplitAlternativeName,
        }
        /// Whether headers can change the method.
        method_override: MethodOverride {
            /// They cannot.
            Ignore,
            /// `X-HTTP-Method-Override` does.
            Honour,
        }
        /// Which methods need an identity.
        methods: Methods {
            /// All.
            All,
            /// HEAD and OPTIONS do not.
            HeadAndOptionsOpen,
        }
        /// Whether header names are taken as they are.
        names: Names {
            /// They are.
            Exact,
            /// `_` and `.` are read as `-`, as WSGI servers did, and the odd spelling overwrites the plain one.
            Merge,
        }
        /// What a request without an identity gets on a protected route.
        no_identity: NoIdentity {
            /// 401.
            Refuse,
            /// The view, as nobody: the middleware only notes that there is no certificate.
            Serve,
            /// The view, as the administrator: no header means an internal call.
            Internal,
        }
        /// Whether a user is held to his own objects.
        objects: Objects {
            /// He is.
            Check,
            /// Any user may read, change and delete any (CWE-639).
            Open,
            /// Only reading is open.
            OpenRead,
            /// Only the list takes any `owner` as filter.
            OpenFilter,
            /// Only the nested notes are open.
            OpenNested,
            /// He is, but an object of another is told from one that does not exist (CWE-203).
            ToldApart,
        }
        /// Whether a header can change the path.
        original_url: OriginalUrl {
            /// It cannot.
            Ignore,
            /// `X-Original-URL` and `X-Rewrite-URL` choose the view after the check of the path.
            Honour,
            /// `SCRIPT_NAME` is cut off the path before the view, after the check.
            ScriptName,
        }
        /// Other headers that name a user.
        other_headers: OtherHeaders {
            /// None.
            Ignore,
            /// `X-Remote-User`, `X-Forwarded-User` and the like when the dialect's own say nothing.
            Fallback,
        }
        /// How protected paths are recognised.
        paths: Paths {
            /// All paths are protected but the public ones, letter by letter.
            Exact,
            /// By the beginning of the raw path, while the views see the normalised one (CWE-288).
            Prefix,
        }
        /// Whether the response shows the certificate.
        reflection: Reflection {
            /// Never.
            Never,
            /// `/whoami` gives back all headers.
            Headers,
        }
        /// Who may see the administrator's routes.
        roles: Roles {
            /// Users of that role.
            Check,
            /// Everybody with a certificate (CWE-863).
            Presence,
        }
        /// Whether each protected route asks for an identity.
        routes: Routes {
            /// Each does.
            All,
            /// `/admin/users` was forgotten.
            OneForgotten,
            /// `/boom` and unknown paths were.
            ErrorsOpen,
        }
        /// Whether routes that ask for two factors get two.
        second_factor: SecondFactor {
            /// They do.
            Required,
            /// Either will do (CWE-308).
            Either,
        }
        /// Whether the proxy must prove itself.
        secret: Secret {
            /// It must.
            Check,
            /// Whoever reaches the app is the proxy (CWE-306).
            Ignore,
        }
        /// The `Server` header.
        server: Server {
            /// Nothing.
            Silent,
            /// A development server's.
            Development,
        }
        /// What a session cookie is good for.
        session: Session {
            /// For the user whose certificate comes with it.
            Bound,
            /// Also alone, without a certificate (CWE-287).
            Fallback,
            /// It names the user, whatever the certificate says.
            Overrides,
            /// A session identifier that the client chose is taken at login (CWE-384).
            Fixation,
        }
        /// Listeners that nobody asked for.
        stray_listener: StrayListener {
            /// None.
            Absent,
            /// One on a free port of all interfaces.
            AllInterfaces,
        }
        /// A certificate of nobody who is enrolled.
        unknown_user: UnknownUser {
            /// 403.
            Refuse,
            /// He gets an account (`get_or_create`).
            Create,
            /// He is served without one: presence of a certificate is authorization.
            Serve,
        }
        /// What the verify header must say.
        verify: Verify {
            /// Success.
            Success,
            /// Nothing: a certificate or a subject is enough.
            Ignore,
        }
    }
}
